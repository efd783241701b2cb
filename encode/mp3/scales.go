package mp3

// Decoders do not agree on where the 19th of the bands begins, of which each has a
// scale of its own, in sound of 24,000 Hz: at line 332 (the standard, LAME, mpg123,
// libmad) or at 330 (ffmpeg, and so browsers). Where the 18th has a much smaller
// step than the 19th, two lines of it at 6.9 kHz become a loud chirp there.

// disputed reports whether a packet of 24,000 Hz sounds louder, by 12 dB or more, to
// those who have the 19th band begin early.
func disputed(packet []byte) bool {
	const sideBits = 9 * 8
	if kind(packet) == short {
		return false // short blocks have other bands
	}
	b := side(packet)
	b.at = formAt
	form := b.read(9)
	if form >= 400 {
		return false // with a table for high bands, which LAME has no use for
	}
	b.at = sideBits - 2
	double := b.read(1)
	b.at = sideBits
	var scales []int
	for group, length := range [4]int{form >> 4 / 5, form >> 4 % 5, form & 15 >> 2, form & 3} {
		for range [4]int{6, 5, 5, 5}[group] {
			scales = append(scales, b.read(length))
		}
	}
	const decibels = 3 // of a scale, twice that if they are double
	return (scales[17]-scales[18])*decibels*(1+double) >= 12
}

// kind is the kind of a packet's block, which says what its window looks like.
func kind(packet []byte) int {
	b := side(packet)
	b.at = formAt + 9
	if b.read(1) == 0 {
		return long
	}
	return b.read(2)
}

const long, short = 0, 2

// formAt is behind where the data begins, lengths, and the scale of all.
const formAt = 8 + 1 + 12 + 9 + 8

// side is what follows the header, in bits.
func side(packet []byte) bits {
	const sideAt = 4
	return bits{bytes: packet[min(sideAt, len(packet)):]}
}

// bits reads numbers, the highest bit first; behind the end there are zeros.
type bits struct {
	bytes []byte
	at    int
}

func (b *bits) read(n int) (number int) {
	for range n {
		number <<= 1
		if i := b.at / 8; i < len(b.bytes) {
			number |= int(b.bytes[i]) >> (7 - b.at%8) & 1
		}
		b.at++
	}
	return number
}
