package synth

import (
	"cmp"
	"io"
	"slices"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// placed is one medium of a mix and where it plays, in frames of the output.
type placed struct {
	media *Media
	kept  *kept
	cues  []Cue
	// length is how long it plays when nothing cuts it.
	length audio.Frames
	start  audio.Frames
	end    audio.Frames
}

// mix renders each medium into its spool, finds out when it plays, and plays
// them together (docs/contract.md 4.6).
func (r *rendering) mix(m *MixPlan, gainDB float64) (*sound, error) {
	score := &score{rate: r.settings.SampleRate, media: map[*Media]*placed{}, byID: map[string]*placed{}}
	spool := r.newSpool()
	if err := r.perform(m, score, spool, false); err != nil {
		spool.Close()
		return nil, err
	}
	length := score.settle(m)
	var heard []*placed
	var cues []Cue
	for _, p := range score.order {
		if p.end <= p.start {
			continue
		}
		heard = append(heard, p)
		for _, c := range p.cues {
			if c.Frame <= p.end-p.start {
				c.End = min(c.End, p.end-p.start)
				cues = shift(cues, []Cue{c}, p.start)
			}
		}
	}
	slices.SortStableFunc(cues, func(a, b Cue) int { return int(a.Frame - b.Frame) })
	mixed := &sound{
		Stream: r.islands(heard, length),
		cues:   func(audio.Frames) []Cue { return cues },
		close:  spool.Close,
	}
	return r.louder(mixed, gainDB), nil
}

// apart is how much silence lies between sounds that know nothing of each other:
// more than the limiter takes to forget.
const apart = time.Second

// islands plays media together, up to length: where none plays for long there is
// a pause, which is a length, and between pauses a mix.
func (r *rendering) islands(heard []*placed, length audio.Frames) audio.Stream {
	rate := r.settings.SampleRate
	slices.SortStableFunc(heard, func(a, b *placed) int { return cmp.Compare(a.start, b.start) })
	var at audio.Frames // of what was given
	next := func() (*sound, error) {
		if at >= length {
			return nil, io.EOF
		}
		if len(heard) == 0 || heard[0].start > at+rate.Frames(apart) {
			until := length
			if len(heard) > 0 {
				until = heard[0].start
			}
			rest := silence(rate, until-at, nil)
			at = until
			return rest, nil
		}
		begin, end, n := at, at, 0
		for n < len(heard) && heard[n].start <= end+rate.Frames(apart) {
			end = max(end, heard[n].end)
			n++
		}
		tracks := []dsp.Track{{Open: func() (audio.Stream, error) { return audio.Silence(rate, end-begin), nil }}}
		for _, p := range heard[:n] {
			tracks = append(tracks, r.track(p, begin))
		}
		heard, at = heard[n:], end
		return plainSound(dsp.Limit(dsp.Mix(rate, tracks), ceilingDB)), nil
	}
	return &sequence{rate: rate, next: next}
}

// track is a medium in a mix that begins at begin.
func (r *rendering) track(p *placed, begin audio.Frames) dsp.Track {
	return dsp.Track{
		Start: p.start - begin, Length: p.end - p.start, Gain: p.media.GainDB,
		FadeIn: r.fadeFrames(p.media.FadeIn), FadeOut: r.fadeFrames(p.media.FadeOut),
		Open: func() (audio.Stream, error) {
			again := func() (audio.Stream, error) { return p.kept.play(), nil }
			return dsp.Repeat(r.settings.SampleRate, again, p.media.Count, p.length), nil
		},
	}
}

// perform renders the media of a container; cut says that it may be over before
// they are.
func (r *rendering) perform(m *MixPlan, score *score, to *spool, cut bool) error {
	for _, child := range m.Children {
		if child.Mix != nil {
			if err := r.perform(child.Mix, score, to, cut || child.Mix.End != nil); err != nil {
				return err
			}
			continue
		}
		inside := *r
		if cut || child.Media.End != nil || child.Media.For >= 0 {
			inside.most = 0 // it may be longer than what is heard of it
		}
		content := inside.within(child.Media.Segments)
		kept, err := to.keep(content, inside.most)
		content.Close()
		if err != nil {
			return err
		}
		score.add(child.Media, kept, content.cues)
	}
	return nil
}

// score is when the media of a mix play.
type score struct {
	rate  audio.SampleRate
	order []*placed
	media map[*Media]*placed
	byID  map[string]*placed
}

func (s *score) add(m *Media, kept *kept, cues []Cue) {
	p := &placed{media: m, kept: kept, cues: cues}
	most := s.rate.Frames(maxSpool)
	if kept.length > 0 {
		p.length = min(most, kept.length*min(audio.Frames(m.Count), most/kept.length+1))
	}
	if m.For >= 0 {
		p.length = min(p.length, s.rate.Frames(min(m.For, maxSpool)))
	}
	s.order = append(s.order, p)
	s.media[m] = p
	if m.ID != "" {
		s.byID[m.ID] = p
	}
}

// settle finds out when everything plays and returns the length of it all, which
// is at most maxSpool: what is later is not heard, however it got there. Times
// may refer to media that come later, so it is done again until nothing moves; a
// checked document has no reference in a circle.
func (s *score) settle(root *MixPlan) audio.Frames {
	var length audio.Frames
	for range len(s.order) + 1 {
		before := s.times()
		length = s.container(root, 0)
		if slices.Equal(before, s.times()) {
			break
		}
	}
	length = min(length, s.rate.Frames(maxSpool))
	for _, p := range s.order {
		p.start, p.end = min(p.start, length), min(p.end, length)
	}
	return length
}

func (s *score) times() []audio.Frames {
	var all []audio.Frames
	for _, p := range s.order {
		all = append(all, p.start, p.end)
	}
	return all
}

// container places the children of m, which begins at start, and returns where
// it ends.
func (s *score) container(m *MixPlan, start audio.Frames) audio.Frames {
	end, base := start, start
	for _, child := range m.Children {
		var over audio.Frames
		if child.Mix != nil {
			begin := max(0, s.at(child.Mix.Begin, base))
			over = s.container(child.Mix, begin)
			if child.Mix.End != nil {
				over = min(over, max(begin, s.at(child.Mix.End, base)))
				s.cut(child.Mix, over)
			}
		} else {
			p := s.media[child.Media]
			p.start = max(0, s.at(child.Media.Begin, base))
			p.end = p.start + p.length
			if child.Media.End != nil {
				p.end = min(p.end, max(p.start, s.at(child.Media.End, base)))
			}
			over = p.end
		}
		end = max(end, over)
		if !m.Parallel {
			base = over
		}
	}
	return end
}

// cut ends all of a container at over.
func (s *score) cut(m *MixPlan, over audio.Frames) {
	for _, child := range m.Children {
		if child.Mix != nil {
			s.cut(child.Mix, over)
		} else if p := s.media[child.Media]; p.end > over {
			p.end = max(p.start, over)
		}
	}
}

// at is the frame that t means, where base is what its offset counts from.
func (s *score) at(t *Time, base audio.Frames) audio.Frames {
	if t == nil {
		return base
	}
	if p, ok := s.byID[t.ID]; ok && t.ID != "" {
		if base = p.start; t.AtEnd {
			base = p.end
		}
	}
	offset := min(max(t.Offset, -maxSpool), maxSpool)
	if offset < 0 {
		return base - s.rate.Frames(-offset)
	}
	return base + s.rate.Frames(offset)
}
