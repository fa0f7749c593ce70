package export

import (
	"strings"
	"testing"
)

// No sidecar makes the parser panic, and what it accepts has this format.
func FuzzSidecar(f *testing.F) {
	f.Add([]byte(`{"format":"` + Format + `","precision":"float32","surrogate":{"model":{"kind":"fno","modes":4},"axes":1}}`))
	f.Add([]byte(`{"format":"` + Format + `","precision":"float64","parameters":[{"name":"a","shape":[-1]}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := parseSidecar(b); err == nil && (s.Format != Format || !strings.HasPrefix(s.Precision, "float")) {
			t.Errorf("accepted %+v", s)
		}
	})
}
