package datasets

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Container is the arrays of one file by name. Opening reads names and shapes; the values are read when they are asked
// for. Methods other than Close may be called by several goroutines.
type Container interface {
	// Names lists the arrays in the order of the file.
	Names() []string
	// Info describes an array without reading its values.
	Info(name string) (Info, error)
	// Array reads one array.
	Array(name string) (Array, error)
	// Metadata holds what the file says besides arrays: strings as they are, other values in JSON.
	Metadata() map[string]string
	// Close closes the file.
	Close() error
}

// Info describes an array: what Array would return, without the bytes.
type Info struct {
	Dtype Dtype `json:"dtype"`
	Shape []int `json:"shape"`
}

// sectioner is a container some of whose arrays lie in the file just as Array.Raw holds them, so that parts of one can
// be read without the rest. Section returns nil for an array that must be decoded.
type sectioner interface {
	Section(name string) *io.SectionReader
}

// ErrFormat is wrapped by every error that says that a file's content is not what its format asks for.
var ErrFormat = errors.New("bad format")

// formatError is an error of the given format that wraps ErrFormat.
func formatError(format, message string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", format, ErrFormat, fmt.Sprintf(message, args...))
}

// missing is the error for a name that a container does not have.
func missing(name string, c Container) error {
	return fmt.Errorf("no array %q among %q", name, c.Names())
}

// Open opens a data file in any format of the package; the content says which, not the name.
func Open(path string) (Container, error) {
	c, _, err := openFormat(path)
	return c, err
}

// openFormat also returns the name of the format.
func openFormat(path string) (Container, string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", fmt.Errorf("datasets: %w", err)
	}
	c, name, err := openContent(file)
	if err != nil {
		file.Close()
		return nil, "", fmt.Errorf("datasets: %s: %w", path, err)
	}
	return &fileContainer{Container: c, file: file, path: path}, name, nil
}

func openContent(file *os.File) (Container, string, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, "", err
	}
	if !stat.Mode().IsRegular() {
		return nil, "", errors.New("not a regular file")
	}
	f, err := recognise(file, stat.Size())
	if err != nil {
		return nil, "", err
	}
	c, err := f.open(file, stat.Size())
	return c, f.name, err
}

// fileContainer closes the file of the container and puts the path into its errors.
type fileContainer struct {
	Container
	file *os.File
	path string
}

func (c *fileContainer) Info(name string) (Info, error) {
	info, err := c.Container.Info(name)
	return info, c.wrap(err)
}

func (c *fileContainer) Array(name string) (Array, error) {
	a, err := c.Container.Array(name)
	return a, c.wrap(err)
}

func (c *fileContainer) Section(name string) *io.SectionReader {
	if s, ok := c.Container.(sectioner); ok {
		return s.Section(name)
	}
	return nil
}

func (c *fileContainer) Close() error {
	return c.wrap(errors.Join(c.Container.Close(), c.file.Close()))
}

func (c *fileContainer) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("datasets: %s: %w", c.path, err)
	}
	return nil
}
