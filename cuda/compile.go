//go:build gpu

package cuda

import (
	"errors"
	"fmt"

	"github.com/kolmogo/kolmogo/cuda/dl"
	"github.com/kolmogo/kolmogo/cuda/drv"
)

// NVRTC returns a Config.Compile by the NVRTC library of this machine, searched as in dl.Library.Find. The error says why there is
// none: it is not installed, or it is newer than the driver, which then does not read its PTX.
func NVRTC(folders, roots []string) (compile func(source, name string) ([]byte, error), err error) {
	c, err := dl.OpenCompiler(folders, roots)
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	driver, err := drv.Version()
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	if c.Version() > driver {
		return nil, fmt.Errorf("cuda: NVRTC of CUDA %s in %s is newer than the driver, of CUDA %s", drv.Dotted(c.Version()), c.Path, drv.Dotted(driver))
	}
	headers := Headers()
	return func(source, name string) ([]byte, error) {
		options := []string{"--gpu-architecture=compute_80", "--std=c++17"}
		if name[len(name)-4:] == "_f64" {
			options = append(options, "--define-macro=DOUBLE")
		}
		return c.Compile(source, name+".cu", headers, options...)
	}, nil
}

// Starts tells whether a library starts on a device.
func Starts(l *dl.BLAS, device int) error {
	b, err := Open(Config{Device: device, Library: l, Always: true})
	if err != nil {
		return err
	}
	b.Close()
	return nil
}

// Failed reports whether an error is one of the driver or the device rather than of the program.
func Failed(err error) bool {
	var e *drv.Error
	return errors.Is(err, ErrUnavailable) || errors.Is(err, errMemory) || errors.As(err, &e)
}

// Device is what a machine says of one of its devices.
type Device struct {
	Name        string
	Capability  int // 10·major + minor
	Free, Total uint64
	Err         error // why it cannot be used
}

// Devices lists the driver's CUDA version and the devices that it shows.
func Devices() (driver string, list []Device, err error) {
	version, err := drv.Version()
	if err != nil {
		return "", nil, fmt.Errorf("cuda: %w", err)
	}
	n, err := drv.Count()
	if err != nil {
		return "", nil, fmt.Errorf("cuda: %w", err)
	}
	for i := range n {
		list = append(list, look(i))
	}
	return drv.Dotted(version), list, nil
}

// look opens a device for a moment.
func look(i int) (d Device) {
	x, err := drv.Open(i)
	if err != nil {
		return Device{Err: err}
	}
	defer x.Close()
	if d.Name, d.Err = x.Name(); d.Err == nil {
		if d.Capability, d.Err = x.Capability(); d.Err == nil {
			d.Free, d.Total, d.Err = x.MemInfo()
		}
	}
	return d
}
