package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"nguon/app/seal"
)

var (
	first  = []byte("the first secret of this test")
	second = []byte("the second secret of this test")
)

func must(t *testing.T, purpose string, secret, old []byte) *seal.Sealer {
	t.Helper()
	s, err := seal.New(purpose, secret, old)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatOpens(t *testing.T) {
	sealed := must(t, "a", first, nil).Seal([]byte("plain"), "owner")
	for name, c := range map[string]struct {
		with  *seal.Sealer
		owner string
		fails bool
		old   bool
	}{
		"the same":           {must(t, "a", first, nil), "owner", false, false},
		"a changed secret":   {must(t, "a", second, first), "owner", false, true},
		"another secret":     {must(t, "a", second, nil), "owner", true, false},
		"another purpose":    {must(t, "b", first, nil), "owner", true, false},
		"for somebody else":  {must(t, "a", first, nil), "other", true, false},
		"old one turned new": {must(t, "a", first, second), "owner", false, false},
	} {
		plain, old, err := c.with.Open(sealed, c.owner)
		if c.fails != errors.Is(err, seal.ErrLocked) || old != c.old || !c.fails && string(plain) != "plain" {
			t.Errorf("%s: %q, old %v, %v", name, plain, old, err)
		}
	}
}

func TestDamageIsNoticedAndNoncesDiffer(t *testing.T) {
	s := must(t, "a", first, nil)
	one, two := s.Seal([]byte("plain"), "o"), s.Seal([]byte("plain"), "o")
	if bytes.Equal(one, two) {
		t.Error("sealed twice alike")
	}
	for i := range one {
		bad := bytes.Clone(one)
		bad[i] ^= 1
		if _, _, err := s.Open(bad, "o"); err == nil {
			t.Errorf("a change of byte %d went unnoticed", i)
		}
	}
}

func TestShortSecretsAreRefused(t *testing.T) {
	if _, err := seal.New("a", []byte("short"), nil); !errors.Is(err, seal.ErrShort) {
		t.Error(err)
	}
	if _, err := seal.New("a", first, []byte("short")); !errors.Is(err, seal.ErrShort) {
		t.Error(err)
	}
}
