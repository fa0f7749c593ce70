package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// usage is the processor time that has been used, in ticks of the system: by everybody, idle or not, and by processes of ours.
type usage struct{ all, busy, ours float64 }

// readUsage reads Linux's account of it, for this process, the given ones, and those of their children that have ended.
func readUsage(pids ...int) (usage, error) {
	var u usage
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return u, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	ticks, err := numbers(strings.Fields(first)[1:])
	if err != nil || len(ticks) < 8 {
		return u, fmt.Errorf("bench: /proc/stat says %q: %w", first, err)
	}
	for i, n := range ticks[:8] { // user, nice, system, idle, waiting, interrupts twice, stolen
		if u.all += n; i != 3 && i != 4 {
			u.busy += n
		}
	}
	for _, pid := range append(pids, os.Getpid()) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return u, err
		}
		_, rest, _ := strings.Cut(string(text), ") ") // the name of the program may hold spaces
		fields := strings.Fields(rest)
		if len(fields) < 15 {
			return u, fmt.Errorf("bench: /proc/%d/stat says %q", pid, text)
		}
		used, err := numbers(fields[11:15])
		if err != nil {
			return u, err
		}
		for _, n := range used {
			u.ours += n
		}
	}
	return u, nil
}

func numbers(fields []string) ([]float64, error) {
	list := make([]float64, len(fields))
	for i, f := range fields {
		var err error
		if list[i], err = strconv.ParseFloat(f, 64); err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
	}
	return list, nil
}

// others is the share of all cores' time that processes not of ours used from u to v.
func (u usage) others(v usage) float64 {
	if !(v.all > u.all) {
		return 0
	}
	return max(0, (v.busy-u.busy)-(v.ours-u.ours)) / (v.all - u.all)
}
