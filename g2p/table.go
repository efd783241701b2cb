package g2p

import (
	"encoding/binary"
	"hash/maphash"
)

// table is a map from strings to strings in two allocations. It is read-only.
type table struct {
	// data are entries: the length of the key, the key, the length of the
	// value, the value.
	data string
	// slots hold where entries begin, plus one; an entry lies in the first slot
	// that was free from that of its hash on. Their number is a power of two.
	slots []uint32
	seed  maphash.Seed
	// longest is the length of the longest key.
	longest int
}

// get finds the value of key.
func get[Key string | []byte](t *table, key Key) (value string, ok bool) {
	if len(key) > t.longest {
		return "", false
	}
	mask := uint64(len(t.slots) - 1)
	for slot := sum(t.seed, key) & mask; t.slots[slot] != 0; slot = (slot + 1) & mask {
		found, rest := chunk(t.data[t.slots[slot]-1:])
		if found == string(key) {
			value, _ = chunk(rest)
			return value, true
		}
	}
	return "", false
}

func sum[Key string | []byte](seed maphash.Seed, key Key) uint64 {
	switch key := any(key).(type) {
	case string:
		return maphash.String(seed, key)
	case []byte:
		return maphash.Bytes(seed, key)
	}
	panic("unreachable")
}

// chunk splits s, which begins with a length, after that many bytes.
func chunk(s string) (head, rest string) {
	n, s := number(s)
	return s[:n], s[n:]
}

// number reads a number as [binary.AppendUvarint] writes it.
func number(s string) (n int, rest string) {
	for i, shift := 0, 0; ; i, shift = i+1, shift+7 {
		n |= int(s[i]&0x7f) << shift
		if s[i] < 0x80 {
			return n, s[i+1:]
		}
	}
}

// tableBuilder gathers the entries of a table. Of one key added twice, one entry
// is found.
type tableBuilder struct {
	data    []byte
	starts  []uint32
	longest int
}

func newTableBuilder(bytes, entries int) *tableBuilder {
	return &tableBuilder{data: make([]byte, 0, bytes), starts: make([]uint32, 0, entries)}
}

func (b *tableBuilder) add(key, value []byte) {
	b.starts = append(b.starts, uint32(len(b.data)))
	b.data = binary.AppendUvarint(b.data, uint64(len(key)))
	b.data = append(b.data, key...)
	b.data = binary.AppendUvarint(b.data, uint64(len(value)))
	b.data = append(b.data, value...)
	b.longest = max(b.longest, len(key))
}

func (b *tableBuilder) table() table {
	size := 1
	for size < len(b.starts)*3/2+1 {
		size *= 2
	}
	t := table{data: string(b.data), slots: make([]uint32, size), seed: maphash.MakeSeed(), longest: b.longest}
	mask := uint64(size - 1)
	for _, start := range b.starts {
		key, _ := chunk(t.data[start:])
		slot := maphash.String(t.seed, key) & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = start + 1
	}
	return t
}
