package lang

import (
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Whatever a message says, it reads as the library alone would write it.
func TestFillLikeTextTemplate(t *testing.T) {
	values := map[string]any{"Name": "Sương Núi", "N": 12, "Amp": "<a & b>", "Voided": true, "Empty": ""}
	for _, src := range []string{
		"", "không có gì", "{{.Name}}", "lô {{.Name}}, {{.N}} lần", "{{.Missing}} ở đây", "{{.Amp}}{{.Empty}}",
		"{{if .Voided}}huỷ{{end}} {{.Name}}", "{{ .Name }}", "ngoặc }} lẻ", "{{.Name}}}", "{{- .Name}}", "{{.Name | printf \"%q\"}}",
	} {
		var library template.TextParser
		want, wantErr := execute(&library, src, values)
		got, err := execute(new(filler), src, values)
		if got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("%q reads %q (%v), the library writes %q (%v)", src, got, err, want, wantErr)
		}
	}
	if _, err := new(filler).Parse("{{.Name", "", ""); err == nil {
		t.Error("an open action was taken")
	}
}

func execute(p template.Parser, src string, values map[string]any) (string, error) {
	m, err := p.Parse(src, "", "")
	if err != nil {
		return "", err
	}
	return m.Execute(values)
}
