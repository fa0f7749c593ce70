//go:build cgo && linux

package dl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestErrorListsEveryAttempt: what was tried is in the message.
func TestErrorListsEveryAttempt(t *testing.T) {
	l := Library{Name: "fantasy", Sonames: []string{"libfantasy.so.2", "libfantasy.so.1"}}
	_, err := l.Find(nil, nil)
	for _, want := range append(l.Sonames, "fantasy library") {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
}

// TestOrderOfSearch: the given folders come first, newest soname first, then the loader's own search, then Python's wheels.
func TestOrderOfSearch(t *testing.T) {
	l := Library{Name: "fantasy", Sonames: []string{"libfantasy.so.2", "libfantasy.so.1"}, Wheels: []string{"fantasy"}}
	folder, root := t.TempDir(), t.TempDir()
	wheel := filepath.Join(root, "lib/python3.11/site-packages/nvidia/fantasy/lib")
	if err := os.MkdirAll(wheel, 0o755); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, in := range []string{folder, wheel} {
		for _, name := range l.Sonames {
			if err := os.WriteFile(filepath.Join(in, name), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			want = append(want, filepath.Join(in, name))
		}
	}
	want = slices.Insert(want, 2, l.Sonames...)
	if got := l.candidates([]string{folder}, []string{root}); !slices.Equal(got, want) {
		t.Errorf("candidates %v, want %v", got, want)
	}
}

// TestBadFileIsSkipped: a file that is no library is an attempt that failed.
func TestBadFileIsSkipped(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "libfantasy.so.1"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	if path, err := (Library{Name: "fantasy", Sonames: []string{"libfantasy.so.1"}}).Find([]string{folder}, nil); err == nil {
		t.Errorf("a text was loaded from %q", path)
	}
}
