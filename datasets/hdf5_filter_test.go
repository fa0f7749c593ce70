package datasets

import (
	"bytes"
	"testing"
)

// TestUnshuffle: byte k of element i comes from place k·n + i, whatever the width, and bytes behind the last whole element stay.
func TestUnshuffle(t *testing.T) {
	for _, size := range []int{0, 1, 3, 8, 37} {
		for _, width := range []int{0, 1, 2, 3, 4, 8, 100, 1 << 31} {
			raw := make([]byte, size)
			for i := range raw {
				raw[i] = byte(i)
			}
			want := bytes.Clone(raw)
			if width > 1 {
				n := size / width
				for i := range n {
					for k := range width {
						want[i*width+k] = raw[k*n+i]
					}
				}
			}
			if got := unshuffle(raw, width); !bytes.Equal(got, want) {
				t.Errorf("size %d, width %d: %v, want %v", size, width, got, want)
			}
		}
	}
}

// TestUnLZF: literals, and copies whose source overlaps what they write; what is cut, too long or from before the beginning is an error.
func TestUnLZF(t *testing.T) {
	good := []byte{2, 'a', 'b', 'c', 0xe0, 3, 2} // "abc", then 7+3+2 bytes from 3 before
	got, err := unlzf(good, 15)
	if err != nil || string(got) != "abcabcabcabcabc" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range [][]byte{good[:3], good[:5], good[:6], {2, 'a', 'b', 'c', 0x20, 9}} {
		if got, err := unlzf(bad, 15); err == nil {
			t.Errorf("%v gave %q", bad, got)
		}
	}
	if got, err := unlzf(good, 14); err == nil {
		t.Errorf("14 bytes hold %q", got)
	}
}

// TestUnfletcher32: the sums of 16-bit words of a known text, and of one that changed.
func TestUnfletcher32(t *testing.T) {
	// The words 0x6162, 0x6364, 0x6500: the sums 0x29c6 and 0xebee modulo 65535.
	var a, b uint32
	for _, word := range []uint32{0x6162, 0x6364, 0x6500} {
		a = (a + word) % 65535
		b = (b + a) % 65535
	}
	raw := append([]byte("abcde"), byte(a), byte(a>>8), byte(b), byte(b>>8))
	if got, err := unfletcher32(raw); err != nil || string(got) != "abcde" {
		t.Errorf("%q, %v", got, err)
	}
	raw[1]++
	if got, err := unfletcher32(raw); err == nil {
		t.Errorf("damage gave %q", got)
	}
}
