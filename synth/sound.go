package synth

import (
	"io"

	"github.com/lectern/lectern/audio"
)

// sound is the sound of one segment at the output rate, while it is made.
type sound struct {
	audio.Stream
	// straight, when not nil, is the same sound as 16-bit samples of an
	// engine that nothing has changed.
	straight audio.PCMStream
	// cues are asked for once the stream has ended, with its length.
	cues func(length audio.Frames) []Cue
	// close frees what makes the sound; it may be called before the end.
	close func()
}

func plainSound(s audio.Stream) *sound {
	return &sound{Stream: s, cues: func(audio.Frames) []Cue { return nil }, close: func() {}}
}

// silence is a pause with the marks at its start.
func silence(rate audio.SampleRate, frames audio.Frames, marks []Mark) *sound {
	s := audio.Silence(rate, frames)
	quiet := plainSound(s)
	quiet.straight = s
	quiet.cues = func(audio.Frames) []Cue { return marksAt(marks, 0) }
	return quiet
}

func marksAt(marks []Mark, frame audio.Frames) []Cue {
	var cues []Cue
	for _, m := range marks {
		cues = append(cues, Cue{Frame: frame, End: frame, Mark: m.Name})
	}
	return cues
}

// sequence plays sounds one after the other and gathers their cues. It is an
// audio.Stream; what it plays is closed when it is over or the sequence is.
type sequence struct {
	rate    audio.SampleRate
	next    func() (*sound, error) // io.EOF after the last
	current *sound
	began   audio.Frames // where current began
	at      audio.Frames
	cues    []Cue
	err     error
}

func (s *sequence) SampleRate() audio.SampleRate { return s.rate }

func (s *sequence) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for s.err == nil {
		if s.current == nil {
			s.begin()
			continue
		}
		n, err := s.current.Read(p)
		if err == io.EOF {
			s.end()
		} else if err != nil {
			s.err = err
		}
		if n > 0 {
			s.at += audio.Frames(n)
			return n, nil
		}
	}
	return 0, s.err
}

// Rest implements audio.Resting.
func (s *sequence) Rest(most audio.Frames) audio.Frames {
	for s.err == nil {
		if s.current == nil {
			s.begin()
			continue
		}
		n := audio.Rest(s.current.Stream, most)
		s.at += n
		return n
	}
	return 0
}

func (s *sequence) begin() {
	s.began = s.at
	if s.current, s.err = s.next(); s.err != nil {
		s.current = nil
	}
}

// end takes the cues of the sound that is over.
func (s *sequence) end() {
	s.cues = shift(s.cues, s.current.cues(s.at-s.began), s.began)
	s.current.close()
	s.current = nil
}

func (s *sequence) Close() {
	if s.current != nil {
		s.current.close()
		s.current = nil
	}
	if s.err == nil {
		s.err = io.ErrClosedPipe
	}
}
