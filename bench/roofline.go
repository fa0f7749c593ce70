package bench

import (
	"fmt"
	"sync"
	"time"

	"github.com/kolmogo/kolmogo/engine/cpu/simd"
)

// Roofline is what this machine can do with the threads of a run.
type Roofline struct {
	PeakGFLOPS float64 `json:"peak_gflops"` // float32 multiply-adds, each two operations; 0: not known
	CopyGBs    float64 `json:"copy_gbs"`    // read and written
}

// String is the roofline in words.
func (r Roofline) String() string {
	if r.PeakGFLOPS == 0 {
		return fmt.Sprintf("%.1f GB/s", r.CopyGBs)
	}
	return fmt.Sprintf("%.0f GFLOP/s and %.1f GB/s", r.PeakGFLOPS, r.CopyGBs)
}

// Seconds is the time that a floor takes here.
func (r Roofline) Seconds(f Floor) float64 {
	seconds := float64(f.Bytes) / (1e9 * r.CopyGBs)
	if r.PeakGFLOPS > 0 {
		seconds = max(seconds, float64(f.FLOPs)/(1e9*r.PeakGFLOPS))
	}
	return seconds
}

// orBetter is the better of two measurements: what slows one down is somebody else.
func (r Roofline) orBetter(q Roofline) Roofline {
	return Roofline{max(r.PeakGFLOPS, q.PeakGFLOPS), max(r.CopyGBs, q.CopyGBs)}
}

// measureRoofline takes the best of several tries, each by all threads at once.
func measureRoofline(set simd.Set, threads int) Roofline {
	const copied = 32 << 20 // bytes of each thread, more than caches hold
	type memory struct{ dst, src []byte }
	memories := make([]memory, threads)
	for i := range memories {
		memories[i] = memory{make([]byte, copied), make([]byte, copied)}
		for j := 0; j < copied; j += 512 { // on every page, so that it is memory
			memories[i].src[j] = 1
		}
	}
	units := 1 // of work, as many as take about tryLength
	for d := time.Duration(0); d < tryLength; units *= 2 {
		d = together(1, func(int) { set.F32.Peak(units) })
	}
	var r Roofline
	for range 6 {
		d := together(threads, func(int) { set.F32.Peak(units) })
		r.PeakGFLOPS = max(r.PeakGFLOPS, float64(threads*units*simd.PeakFLOPs)/1e9/d.Seconds())
		d = together(threads, func(i int) { copy(memories[i].dst, memories[i].src) })
		r.CopyGBs = max(r.CopyGBs, 2*copied*float64(threads)/1e9/d.Seconds())
	}
	return r
}

// tryLength is the least time of one try at the peak.
const tryLength = 10 * time.Millisecond

// together runs f on several goroutines and returns the time until the last has ended.
func together(threads int, f func(i int)) time.Duration {
	var all sync.WaitGroup
	begin := time.Now()
	for i := range threads {
		all.Go(func() { f(i) })
	}
	all.Wait()
	return time.Since(begin)
}
