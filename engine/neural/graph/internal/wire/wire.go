// Package wire reads and writes the wire format of protocol buffers: just what
// networks need, without knowing any message.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
)

// Field is one field of a message.
type Field struct {
	Number int
	// Varint is its value where it is a varint, and Payload its bytes where it
	// is length-delimited (then never nil). Fixed-size fields have neither.
	Varint  uint64
	Payload []byte
	// Raw is the field as it stands in the message, its key too.
	Raw []byte
}

// ErrEnd says that a message ends in the middle of a field.
var ErrEnd = errors.New("the bytes end in the middle of a field")

// Fields are the fields of a message in order. Nothing is copied. Whatever the
// bytes are, it comes to an end: the first error is the last that is yielded.
func Fields(message []byte) iter.Seq2[Field, error] {
	return func(yield func(Field, error) bool) {
		for len(message) > 0 {
			f, err := next(message)
			if !yield(f, err) || err != nil {
				return
			}
			message = message[len(f.Raw):]
		}
	}
}

func next(message []byte) (Field, error) {
	key, n := binary.Uvarint(message)
	if n <= 0 {
		return Field{}, ErrEnd
	}
	number := key >> 3
	if number == 0 || number > 1<<29-1 {
		return Field{}, fmt.Errorf("no field has the number %d", number)
	}
	f := Field{Number: int(number)}
	rest := message[n:]
	switch key & 7 {
	case 0:
		v, m := binary.Uvarint(rest)
		if m <= 0 {
			return Field{}, ErrEnd
		}
		f.Varint, n = v, n+m
	case 1:
		n += 8
	case 2:
		size, m := binary.Uvarint(rest)
		if m <= 0 {
			return Field{}, ErrEnd
		}
		// Compared before it is added to anything: it may be near 1<<64.
		if size > uint64(len(rest)-m) {
			return Field{}, fmt.Errorf("a field says it has %d bytes where %d are left", size, len(rest)-m)
		}
		n += m
		f.Payload = message[n : n+int(size) : n+int(size)]
		n += int(size)
	case 5:
		n += 4
	default:
		return Field{}, fmt.Errorf("a field has the unknown kind %d", key&7)
	}
	if n > len(message) {
		return Field{}, ErrEnd
	}
	f.Raw = message[:n:n]
	return f, nil
}

// Append appends a length-delimited field: a string, bytes or a message.
func Append[T string | []byte](to []byte, number int, payload T) []byte {
	return append(AppendHead(to, number, len(payload)), payload...)
}

// AppendHead appends what stands before the bytes of a length-delimited field.
func AppendHead(to []byte, number, size int) []byte {
	to = binary.AppendUvarint(to, uint64(number)<<3|2)
	return binary.AppendUvarint(to, uint64(size))
}

// AppendVarint appends a field that is a number.
func AppendVarint(to []byte, number int, value uint64) []byte {
	to = binary.AppendUvarint(to, uint64(number)<<3)
	return binary.AppendUvarint(to, value)
}

// Numbers appends the numbers of a repeated field to what was there, which may
// stand one by one or packed. What is cut short ends it.
func Numbers(to []int64, f Field) []int64 {
	if f.Payload == nil {
		return append(to, int64(f.Varint))
	}
	for packed := f.Payload; len(packed) > 0; {
		v, n := binary.Uvarint(packed)
		if n <= 0 {
			break
		}
		to, packed = append(to, int64(v)), packed[n:]
	}
	return to
}
