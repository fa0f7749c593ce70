package bench

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// forgetPeak gives unused memory back and lets peakResident start anew, where the system allows that.
func forgetPeak() {
	debug.FreeOSMemory()
	if f, err := os.OpenFile("/proc/self/clear_refs", os.O_WRONLY, 0); err == nil {
		defer f.Close()
		f.WriteString("5") // refused: the peak is that of the whole process
	}
}

// peakResident is the largest resident memory of this process since forgetPeak in bytes; 0 where the system does not tell.
func peakResident() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kib int64
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				return kib << 10
			}
		}
	}
	return 0
}
