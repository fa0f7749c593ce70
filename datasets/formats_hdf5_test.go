package datasets_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// link is what an expectation says of a soft or external link.
type link struct{ Kind, File, Target string }

// checkHDF5 compares every dataset, attribute and link of a tree of groups.
func checkHDF5(t *testing.T, c datasets.Container, e expectation) {
	t.Helper()
	arrays := parse[map[string]json.RawMessage](t, e.Raw["datasets"])
	links := map[string]link{}
	if e.Raw["links"] != nil {
		links = parse[map[string]link](t, e.Raw["links"])
	}
	for path, raw := range arrays {
		name := strings.TrimPrefix(path, "/")
		kind := parse[struct {
			Dtype  string
			Shape  []int
			Values []string
		}](t, raw)
		a, err := c.Array(name)
		switch {
		case kind.Dtype == "string":
			if got := c.Metadata()[name]; !slices.Equal(list(got, len(kind.Shape) > 0), kind.Values) {
				t.Errorf("%q: %q, want %q", name, got, kind.Values)
			}
		case kind.Shape == nil: // a null dataspace
			if err == nil {
				t.Errorf("%q has no values, %v was read", name, a.Shape)
			}
		case err != nil:
			if e.RefusalAllowed == "" || !strings.Contains(err.Error(), e.RefusalAllowed) {
				t.Errorf("%q: %v", name, err)
			}
		default:
			checkArray(t, name, a, parse[arrayExpectation](t, raw))
			info, err := c.Info(name)
			if err != nil || info.Dtype != a.Dtype || !slices.Equal(info.Shape, a.Shape) {
				t.Errorf("%q: Info says %v (error %v), Array %s %v", name, info, err, a.Dtype, a.Shape)
			}
		}
	}
	for _, name := range c.Names() {
		if arrays["/"+name] == nil && links["/"+name].Kind != "external" {
			t.Errorf("array %q should not be there", name)
		}
	}
	for path, l := range links {
		checkLink(t, c, strings.TrimPrefix(path, "/"), l, arrays)
	}
	if e.Raw["attributes"] != nil {
		checkAttributes(t, c.Metadata(), parse[map[string]map[string]any](t, e.Raw["attributes"]))
	}
}

// list reads a list of strings from the metadata; one string is a list of one.
func list(text string, many bool) []string {
	var values []string
	if !many || json.Unmarshal([]byte(text), &values) != nil {
		return []string{text}
	}
	return values
}

// checkLink: a soft link reads as its target or is an error, an external one is refused.
func checkLink(t *testing.T, c datasets.Container, name string, l link, arrays map[string]json.RawMessage) {
	t.Helper()
	target := l.Target
	if !strings.HasPrefix(target, "/") {
		target = "/" + name[:strings.LastIndex(name, "/")+1] + target
	}
	want, sound := arrays[target]
	a, err := c.Array(name)
	switch {
	case l.Kind == "external":
		if err == nil || !strings.Contains(err.Error(), "external link") {
			t.Errorf("external link %q gave %v", name, err)
		}
	case sound && err == nil:
		checkArray(t, name, a, parse[arrayExpectation](t, want))
	case sound || err == nil:
		t.Errorf("soft link %q to %q gave %v", name, target, err)
	}
}

// checkAttributes compares the metadata with attributes by object and name.
func checkAttributes(t *testing.T, metadata map[string]string, want map[string]map[string]any) {
	t.Helper()
	for path, attributes := range want {
		for name, value := range attributes {
			key := name
			if path != "/" {
				key = strings.TrimPrefix(path, "/") + "@" + name
			}
			got, ok := metadata[key]
			if text, isText := value.(string); isText {
				if got != text && !(text == "compound" && !ok) {
					t.Errorf("attribute %q is %q, want %q", key, got, text)
				}
				continue
			}
			var parsed any
			if ok && json.Unmarshal([]byte(got), &parsed) != nil {
				t.Errorf("attribute %q is %q, which is not JSON", key, got)
			}
			isReference := reflect.DeepEqual(value, []any{"object reference", "object reference"})
			if !reflect.DeepEqual(parsed, value) && !(isReference && !ok) {
				t.Errorf("attribute %q is %s, want %v", key, got, value)
			}
		}
	}
}
