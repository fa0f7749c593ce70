package cuda

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
)

//go:generate go run ./mkptx

// sources are the kernel files and what they include.
//
//go:embed *.cu gpu.h axes.h block.h functions.h mma.h orthogonal.h product.h tile.h
var sources embed.FS

// Families are the kernel files, each compiled once for float32 and once for float64.
var Families = []string{"chain", "conv", "depthwise", "factor", "fit", "gather", "jet", "move", "nonnegative", "normalize", "product", "queue", "random", "sum"}

// Source is the text of a kernel file or a header.
func Source(name string) string {
	text, err := sources.ReadFile(name)
	if err != nil {
		panic("cuda: " + err.Error()) // the names are in this package
	}
	return string(text)
}

// Headers are the files that kernels include.
func Headers() map[string]string {
	headers := map[string]string{}
	names, _ := fs.Glob(sources, "*.h")
	for _, n := range names {
		headers[n] = Source(n)
	}
	return headers
}

// Fingerprint is a digest of a kernel file and of all headers; the PTX made of them begins with it.
func Fingerprint(family string) string {
	h := sha256.New()
	headers := Headers()
	var names []string
	for n := range headers {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		fmt.Fprintf(h, "%s\n%s\n", n, headers[n])
	}
	fmt.Fprint(h, Source(family+".cu"))
	return hex.EncodeToString(h.Sum(nil))
}
