package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// bar is a line on the terminal that shows how far something is and when it will end. Where stderr is no terminal, or with
// --json, it shows nothing. Its methods may be called by several goroutines.
type bar struct {
	app   *app
	title string
	width int // of the terminal; 0: none

	mu          sync.Mutex
	begun, last time.Time
	first       int
	shown       bool
}

func (a *app) newBar(title string) *bar {
	b := &bar{app: a, title: title, begun: time.Now()}
	if width, ok := a.terminal(); ok && !a.json {
		b.width = width
	}
	return b
}

// barInterval is the time between two updates of the line.
const barInterval = 100 * time.Millisecond

// show reports done of total, with a note.
func (b *bar) show(done, total int, note string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.last.IsZero() {
		b.begun, b.first = now, done
	}
	if b.width == 0 || total < 1 || now.Sub(b.last) < barInterval && done < total {
		if b.last.IsZero() {
			b.last = now
		}
		return
	}
	b.last, b.shown = now, true
	left := ""
	if done > b.first && done < total {
		left = " " + round(now.Sub(b.begun)*time.Duration(total-done)/time.Duration(done-b.first)).String() + " left"
	}
	fmt.Fprintf(b.app.err, "\r\x1b[K%s", fit(b.title, done, total, strings.TrimLeft(note+left, " "), b.width-1))
}

// end leaves the line.
func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		fmt.Fprintln(b.app.err)
		b.shown = false
	}
}

// fit is "title [====    ] 12/40 note" in at most width columns: the bar takes what is left, and goes first.
func fit(title string, done, total int, note string, width int) string {
	numbers := fmt.Sprintf("%d/%d", done, total)
	room := width - len([]rune(title)) - len(numbers) - len([]rune(note)) - 5
	line := title + " " + numbers + " " + note
	if room = min(room, 40); room >= 5 {
		full := room * done / total
		line = fmt.Sprintf("%s [%s%s] %s %s", title, strings.Repeat("=", full), strings.Repeat(" ", room-full), numbers, note)
	}
	if runes := []rune(line); len(runes) > width {
		line = string(runes[:max(width, 0)])
	}
	return line
}

// round drops what nobody reads from a duration.
func round(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}
