package datasets

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// inflater undoes zlib's compression, again and again with the same tables.
type inflater struct {
	from bytes.Reader
	z    io.ReadCloser
}

// zlib decompresses raw, of which at most most bytes may come; the checksum is compared.
func (i *inflater) zlib(raw []byte, most int) ([]byte, error) {
	i.from.Reset(raw)
	var err error
	if i.z == nil {
		i.z, err = zlib.NewReader(&i.from)
	} else {
		err = i.z.(zlib.Resetter).Reset(&i.from, nil)
	}
	if err != nil {
		return nil, formatError("zlib", "%v", err)
	}
	most = min(most, deflateRatio*(len(raw)+1))
	dst := make([]byte, most+1) // one more, to come to the end and its checksum
	n, err := io.ReadFull(i.z, dst)
	switch {
	case err == nil:
		return nil, formatError("zlib", "it holds more than %d bytes", most)
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, formatError("zlib", "%v", err)
	}
	return dst[:n], nil
}
