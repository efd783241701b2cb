package voicefile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lectern/lectern/engine/neural/graph"
)

// Parts says what the networks take and make, by the names of the values in the
// voice's own network.
//
// The text part runs once: from phonemes to durations, and for every phoneme a
// mean and a spread in each channel. The sound's latents are drawn from these,
// frame by frame, by the program. The sound parts make sound of them, one after
// the other. Each looks only some frames around, so that it may run in pieces.
type Parts struct {
	// Frame is how many samples are made of a frame of latents.
	Frame int         `json:"frame"`
	Text  TextPart    `json:"text"`
	Sound []SoundPart `json:"sound"`
}

// TextPart takes input, input_lengths, scales, then sid if Speaker, then Noise,
// [1,2,ids], unless that is "". It makes Durations, [1,1,ids], in frames, and Means
// and Spreads (logarithms), [1,ids,channels].
type TextPart struct {
	Speaker   bool   `json:"speaker"`
	Noise     string `json:"noise"`
	Durations string `json:"durations"`
	Means     string `json:"means"`
	Spreads   string `json:"spreads"`
}

// SoundPart takes From, [1,channels,frames], then Mask, [1,1,frames], of ones,
// unless that is "", then sid if Speaker, and makes To, Rate frames of one. What is
// made of a frame depends on those up to Reach frames away.
type SoundPart struct {
	File    string `json:"file"`
	Speaker bool   `json:"speaker"`
	From    string `json:"from"`
	Mask    string `json:"mask"`
	To      string `json:"to"`
	Rate    int    `json:"rate"`
	Reach   int    `json:"reach"`
	// Plane says that From is [1,channels,1,frames].
	Plane bool `json:"plane"`
}

// The inputs of every Piper voice. sid is there if the voice has several speakers.
const (
	ids     = "input"
	lengths = "input_lengths"
	scales  = "scales"
	speaker = "sid"
)

// maxNodes is far above any voice (2,800): finding where to cut takes the square.
const maxNodes = 20000

// Opsets that ONNX Runtime 1.24 takes, the oldest that Lectern works with.
const oldestOpset, newestOpset = 7, 24

// partsOf finds the parts by what the operations are and how they hang together,
// not by their names, which differ from one exporter to the next. Its errors read
// on from the file's name.
func partsOf(m *graph.Model) (*Parts, error) {
	if m.External() {
		return nil, errors.New("keeps its weights in other files, and no Piper voice does")
	}
	if err := checkEnds(m); err != nil {
		return nil, err
	}
	if n := len(m.Nodes()); n > maxNodes {
		return nil, fmt.Errorf("has %d nodes: it is not a Piper voice", n)
	}
	f := finder{Model: m, parts: &Parts{}}
	for _, find := range []func() error{f.findDurations, f.findLatents, f.findSound} {
		if err := find(); err != nil {
			return nil, fmt.Errorf("is not built as a Piper voice is: %w", err)
		}
	}
	return f.parts, nil
}

func checkEnds(m *graph.Model) error {
	for _, name := range []string{ids, lengths, scales} {
		if !slices.Contains(m.Inputs(), name) {
			return fmt.Errorf("has no input named '%s': it is not a Piper voice", name)
		}
	}
	for _, name := range m.Inputs() {
		if !slices.Contains([]string{ids, lengths, scales, speaker}, name) {
			return fmt.Errorf("has an input named '%s', which no Piper voice has", name)
		}
	}
	if len(m.Outputs()) == 0 {
		return errors.New("has no output: it is not a Piper voice")
	}
	switch opset := m.Opset(); {
	case opset > newestOpset:
		return fmt.Errorf("uses the operators of opset %d, newer than %d, the newest that is known here: export it with an older one", opset, newestOpset)
	case opset < oldestOpset:
		return fmt.Errorf("uses the operators of opset %d, older than %d, the oldest that is known here: export it with a newer one", opset, oldestOpset)
	}
	return nil
}

type finder struct {
	*graph.Model
	parts *Parts

	timed  map[string]bool // values that depend on the durations
	latent string          // the values before the flow
	sound  string          // what comes out
}

func (f *finder) findDurations() error {
	ceil := f.Made("Ceil")
	if len(ceil) != 1 {
		return fmt.Errorf("it rounds up at %d places, not at one, so that its durations are not found", len(ceil))
	}
	text := &f.parts.Text
	text.Durations = ceil[0].Outputs[0]
	f.timed = f.From(text.Durations)
	before := f.Toward(text.Durations)
	if !before[ids] {
		return errors.New("its durations do not depend on the phonemes")
	}
	for _, noise := range f.Produced("RandomNormalLike") {
		switch {
		case before[noise] && text.Noise == "":
			text.Noise = noise
		case !f.timed[noise] || f.latent != "":
			return errors.New("it has more noises than one in the durations and one in the sound")
		default:
			f.latent = noise // where findLatents begins
		}
	}
	if f.latent == "" {
		return errors.New("there is no noise in its sound")
	}
	return nil
}

// findLatents follows mean + noise * exp(spread) * scale from the noise to the sum,
// and from there back to what was spread over time by the durations.
func (f *finder) findLatents() error {
	var spread string
	for range 16 { // there are two products; a file may go round in circles
		users := f.Users(f.latent)
		if len(users) != 1 || len(users[0].Inputs) != 2 || len(users[0].Outputs) != 1 {
			return errors.New("the noise in its sound is not scaled and added")
		}
		n := users[0]
		other := n.Inputs[0]
		if other == f.latent {
			other = n.Inputs[1]
		}
		f.latent = n.Outputs[0]
		if n.Op == "Mul" {
			if exp := f.Maker(other); exp != nil && exp.Op == "Exp" && len(exp.Inputs) == 1 {
				spread = exp.Inputs[0]
			}
			continue
		}
		if n.Op != "Add" || spread == "" {
			return errors.New("the noise in its sound is not scaled by an exponential and added")
		}
		var err error
		if f.parts.Text.Means, err = f.beforePath(other); err != nil {
			return err
		}
		f.parts.Text.Spreads, err = f.beforePath(spread)
		return err
	}
	return errors.New("the noise in its sound is scaled without end")
}

// beforePath is what stands for each phoneme where value stands for each frame:
// a matrix product with the path of the durations, transposed, makes it.
func (f *finder) beforePath(value string) (string, error) {
	if n := f.Maker(value); n != nil && n.Op == "Transpose" && len(n.Inputs) == 1 && slices.Equal(n.Ints("perm"), []int64{0, 2, 1}) {
		if n = f.Maker(n.Inputs[0]); n != nil && n.Op == "MatMul" && len(n.Inputs) == 2 && f.timed[n.Inputs[0]] && !f.timed[n.Inputs[1]] && f.Maker(n.Inputs[1]) != nil {
			return n.Inputs[1], nil
		}
	}
	return "", errors.New("its phonemes are not spread over time by a matrix product")
}

// findSound takes what lies between the latents and the sound: the flow and the
// decoder, cut where it pays. All that comes into it from the side is the speaker
// and a mask that says which frames there are.
func (f *finder) findSound() error {
	if f.sound = f.Outputs()[0]; slices.Contains(f.Outputs(), "output") {
		f.sound = "output"
	}
	mask, err := f.mask()
	if err != nil {
		return err
	}
	ways, err := f.split(f.latent, f.sound)
	if err != nil {
		return fmt.Errorf("its sound: %w", err)
	}
	f.parts.Frame = 1
	for i := range ways {
		part := &ways[i]
		part.File = fmt.Sprintf("sound%d.onnx", i+1)
		until := []string{part.From}
		if mask != "" && f.Toward(part.To, part.From)[mask] {
			part.Mask = mask
			until = append(until, mask)
		}
		if part.Speaker, err = f.speaks(part.To, until...); err != nil {
			return err
		}
		f.parts.Frame *= part.Rate
	}
	if f.parts.Frame < 2 {
		return errors.New("nothing in it makes samples of frames")
	}
	f.parts.Sound = ways
	text := &f.parts.Text
	text.Speaker = f.isSpeaker(f.Toward(text.Durations)) || f.isSpeaker(f.Toward(text.Means))
	return nil
}

func (f *finder) mask() (mask string, err error) {
	sound := f.From(f.latent)
	for value := range f.Toward(f.sound, f.latent) {
		n := f.Maker(value)
		if n == nil || value == f.latent || !sound[value] {
			continue
		}
		for _, in := range n.Inputs {
			switch {
			case sound[in] || !f.timed[in] || in == mask:
			case mask == "":
				mask = in
			default:
				return "", fmt.Errorf("its sound takes %q and %q from the durations, not a mask alone", mask, in)
			}
		}
	}
	return mask, nil
}

// speaks says whether the way from until to a value depends on the speaker. It may
// depend on nothing else that comes from outside.
func (f *finder) speaks(to string, until ...string) (bool, error) {
	way := f.Toward(to, until...)
	for _, name := range []string{ids, lengths, scales} {
		if way[name] {
			return false, fmt.Errorf("its sound takes '%s' past the durations", name)
		}
	}
	return f.isSpeaker(way), nil
}

// isSpeaker asks for the input, for in voices of one speaker a weight may be named
// like it.
func (f *finder) isSpeaker(way map[string]bool) bool {
	return way[speaker] && slices.Contains(f.Inputs(), speaker)
}
