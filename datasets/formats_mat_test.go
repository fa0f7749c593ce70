package datasets_test

import (
	"encoding/json"
	"fmt"
	"testing"
)

// flattenMAT names what structs and cells hold as the container does: s.nu, s(2).nu, c{1}.
func flattenMAT(t *testing.T, raw map[string]json.RawMessage) map[string]json.RawMessage {
	t.Helper()
	flat := map[string]json.RawMessage{}
	var enter func(name string, raw json.RawMessage)
	enter = func(name string, raw json.RawMessage) {
		v := parse[struct {
			Kind   string
			Items  []json.RawMessage `json:"items_column_major"`
			Fields map[string][]json.RawMessage
			Dense  json.RawMessage
			Text   []string
		}](t, raw)
		switch v.Kind {
		case "cell":
			for i, item := range v.Items {
				enter(fmt.Sprintf("%s{%d}", name, i+1), item)
			}
		case "struct":
			for field, values := range v.Fields {
				for i, value := range values {
					inner := name + "." + field
					if len(values) > 1 {
						inner = fmt.Sprintf("%s(%d).%s", name, i+1, field)
					}
					enter(inner, value)
				}
			}
		case "sparse":
			flat[name] = v.Dense
		case "char":
			var text any = v.Text
			kind := "list"
			if len(v.Text) == 1 {
				text, kind = v.Text[0], "str"
			}
			value, err := json.Marshal(map[string]any{"kind": kind, "value": text})
			if err != nil {
				t.Fatal(err)
			}
			flat[name] = value
		default:
			flat[name] = raw
		}
	}
	for name, value := range raw {
		enter(name, value)
	}
	return flat
}
