package datasets

import (
	"container/list"
	"sync"
)

// h5cacheBytes is the memory that chunks of one file may keep; shuffleBytes is what a loader counts on.
const (
	h5cacheBytes = 128 << 20
	shuffleBytes = 96 << 20
)

// h5cache keeps the chunks that were used last.
type h5cache struct {
	mu    sync.Mutex
	bytes int
	order list.List // of *h5cached, the last used first
	at    map[h5cacheKey]*list.Element
}

type h5cacheKey struct {
	of     *h5dataset
	number uint64
}

type h5cached struct {
	key h5cacheKey
	raw []byte
}

func (c *h5cache) get(d *h5dataset, number uint64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[h5cacheKey{d, number}]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*h5cached).raw
}

// put keeps a chunk that is not too large; it must not be changed any more.
func (c *h5cache) put(d *h5dataset, number uint64, raw []byte) {
	if len(raw) > h5cacheBytes/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := h5cacheKey{d, number}
	if c.at[key] != nil {
		return
	}
	if c.at == nil {
		c.at = map[h5cacheKey]*list.Element{}
	}
	c.at[key] = c.order.PushFront(&h5cached{key, raw})
	for c.bytes += len(raw); c.bytes > h5cacheBytes; {
		last := c.order.Back()
		old := c.order.Remove(last).(*h5cached)
		delete(c.at, old.key)
		c.bytes -= len(old.raw)
	}
}
