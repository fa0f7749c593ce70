package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// A failing write leaves the old file and nothing else.
func TestAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := ReplaceBytes(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("no more room")
	err := Replace(path, func(w io.Writer) error {
		w.Write([]byte("half"))
		return cause
	})
	if !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
	files, _ := os.ReadDir(dir)
	b, _ := os.ReadFile(path)
	if string(b) != "old" || len(files) != 1 {
		t.Errorf("the file holds %q, the folder %v", b, files)
	}
	if err := ReplaceBytes(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "new" {
		t.Errorf("the file holds %q", b)
	}
	if err := ReplaceBytes(filepath.Join(dir, "missing", "a"), nil); err == nil {
		t.Error("a missing folder is no error")
	}
}
