package meili

import (
	"context"
	"errors"
	"net/http"

	"github.com/meilisearch/meilisearch-go"
)

// keyUID is the same everywhere, so that a server makes the same key again from the
// same master key.
const keyUID = "6e67756f-6e73-4561-a263-68206b657921"

// rights are the fewest by which an Index does its work.
var rights = []string{"search", "documents.add", "documents.delete", "indexes.create", "indexes.get", "indexes.delete", "indexes.swap", "settings.update", "settings.get", "stats.get", "tasks.get"}

// Key makes the key by which a site works, with the fewest rights, from the master
// key of a server; a second time it is the same key.
func Key(ctx context.Context, address, master string) (string, error) {
	return keyFor(ctx, address, master, UID, keyUID)
}

func keyFor(ctx context.Context, address, master, uid, id string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	server := connect(address, master)
	defer server.Close()
	indexes := []string{uid, uid + "-*"}
	k, err := server.GetKeyWithContext(ctx, id)
	if isCode(err, "api_key_not_found") {
		k, err = server.CreateKeyWithContext(ctx, &meilisearch.Key{UID: id, Name: uid, Description: "The site " + uid + ": its own indexes, nothing else", Actions: rights, Indexes: indexes})
	}
	if err != nil {
		return "", broken(err)
	}
	if !sameList(k.Actions, rights) || !sameList(k.Indexes, indexes) { // of another version: what a key may do cannot be changed
		if _, err := server.DeleteKeyWithContext(ctx, id); err != nil {
			return "", broken(err)
		}
		return keyFor(ctx, address, master, uid, id)
	}
	return k.Key, nil
}

// Excess reports whether the key of an Index may do more than it needs.
func (x *Index) Excess(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	_, err := x.server.GetKeysWithContext(ctx, &meilisearch.KeysQuery{Limit: 1})
	var e *meilisearch.Error
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &e) && (e.StatusCode == http.StatusForbidden || e.StatusCode == http.StatusUnauthorized):
		return false, nil
	}
	return false, broken(err)
}
