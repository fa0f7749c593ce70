package cpu

import (
	"fmt"
	"unsafe"

	"github.com/kolmogo/kolmogo/engine"
)

// memory is host memory, aligned to engine.Alignment.
type memory []byte

// largePage is the size, and the alignment, of the pages that are asked for where a block is large enough: strided reads of whole
// tensors would miss the processor's table of small pages all the time.
const largePage = 2 << 20

// Alloc implements engine.Backend. More than the machine has is an error.
func (b *Backend) Alloc(bytes int) (engine.Memory, error) {
	if bytes < 0 {
		return nil, fmt.Errorf("cpu: %d bytes of memory", bytes)
	}
	if total := TotalMemory(); total > 0 && uint64(bytes) > total {
		return nil, fmt.Errorf("cpu: %.1f GB of memory are wanted, the machine has %.1f GB", float64(bytes)/1e9, float64(total)/1e9)
	}
	alignment := engine.Alignment
	if bytes >= 2*largePage {
		alignment = largePage
	}
	raw := make([]byte, bytes+alignment)
	skip := -int(uintptr(unsafe.Pointer(&raw[0]))) & (alignment - 1)
	m := raw[skip : skip+bytes]
	if alignment == largePage {
		adviseLargePages(m[:bytes&^(largePage-1)])
	}
	return memory(m), nil
}

// Write implements engine.Memory.
func (m memory) Write(offset int, src []byte) error {
	copy(m[offset:offset+len(src)], src)
	return nil
}

// Read implements engine.Memory.
func (m memory) Read(offset int, dst []byte) error {
	copy(dst, m[offset:offset+len(dst)])
	return nil
}
