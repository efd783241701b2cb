package piper

// strip is a stretch of frames on their way from one part to the next. They stand
// as networks take them, channel by channel; the stretch moves on with the speech.
type strip struct {
	channels    int
	first, next int // which frames there are
	room        int // for how many there is memory
	data        []float32
}

// reset empties the strip, for frames of so many channels.
func (s *strip) reset(channels int) {
	s.first, s.next, s.channels = 0, 0, channels
	s.room = len(s.data) / max(channels, 1)
}

// grow makes room for n more frames at the end and returns where their first
// number stands in the data; that of the next channel stands room further.
func (s *strip) grow(n int) int {
	held := s.next - s.first
	if held+n > s.room {
		room := max(held+n, 2*s.room)
		data := make([]float32, room*s.channels)
		for c := range s.channels {
			copy(data[c*room:], s.data[c*s.room:c*s.room+held])
		}
		s.data, s.room = data, room
	}
	s.next += n
	return held
}

// forget drops the frames before one.
func (s *strip) forget(before int) {
	if before <= s.first {
		return
	}
	drop, held := before-s.first, s.next-s.first
	for c := range s.channels {
		row := s.data[c*s.room : c*s.room+held]
		copy(row, row[drop:])
	}
	s.first = before
}

// window copies the frames from one to another into the memory of to.
func (s *strip) window(to []float32, from, until int) []float32 {
	to = to[:0]
	for c := range s.channels {
		at := c*s.room - s.first
		to = append(to, s.data[at+from:at+until]...)
	}
	return to
}

// take appends n frames, those from skip on of what a network has made.
func (s *strip) take(made []float32, skip, n int) {
	at, width := s.grow(n), len(made)/s.channels
	for c := range s.channels {
		copy(s.data[c*s.room+at:][:n], made[c*width+skip:])
	}
}
