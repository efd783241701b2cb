package dsp

import (
	"strings"

	"github.com/lectern/lectern/audio"
)

// Effect changes a sound.
type Effect func(audio.Stream) audio.Stream

// Profile is the effect that fits speech to a class of devices, by the
// identifiers of the API's effects_profile_id; false for others. An equalizer
// and a compressor work at any sample rate; filters above it are left out. The
// length stays, and the loudness of speech at -20 LUFS within 2 LU; peaks may
// grow, so limit afterwards. docs/profiles.md shows what each does.
func Profile(id string) (Effect, bool) {
	for _, p := range profiles() {
		if p.id == id {
			return func(s audio.Stream) audio.Stream {
				return Gain(compress(equalize(s, p.bands), p.dynamics), p.trim)
			}, true
		}
	}
	return nil, false
}

// Profiles are the identifiers that [Profile] knows.
func Profiles() []string {
	var ids []string
	for _, p := range profiles() {
		ids = append(ids, p.id)
	}
	return ids
}

// ProfileText is a profile in words, for its documentation.
type ProfileText struct {
	ID, Purpose, Equalizer, Dynamics string
	// Level, in dB, is what is added last.
	Level float64
}

// DescribeProfile puts a profile of [Profiles] into words.
func DescribeProfile(id string) (ProfileText, bool) {
	for _, p := range profiles() {
		if p.id != id {
			continue
		}
		var bands []string
		for _, b := range p.bands {
			bands = append(bands, b.String())
		}
		return ProfileText{p.id, p.purpose, strings.Join(bands, "; "), p.dynamics.String(), p.trim}, true
	}
	return ProfileText{}, false
}

type profile struct {
	id, purpose string
	bands       []band
	// trim, in dB, gives speech the loudness back that bands and dynamics
	// change; measured on voices at -20 LUFS.
	trim     float64
	dynamics dynamics
}

// profiles are all there are, in the order of the API's documentation.
func profiles() []profile {
	return []profile{
		{"wearable-class-device", "watches: a speaker of a centimeter, heard at arm's length",
			[]band{{rumbleShape, 200, 0, 0}, {peakShape, 500, -2, 0.8}, {peakShape, 2800, 4, 0.8}, {highShelfShape, 8000, -2, 0.7}},
			4.6, dynamics{-28, 2.5, 6, 0.005, 0.080}},
		{"handset-class-device", "telephones: a small speaker in the hand or at the ear",
			[]band{{rumbleShape, 160, 0, 0}, {peakShape, 400, -1.5, 0.8}, {peakShape, 2500, 3, 0.9}, {highShelfShape, 8000, -1, 0.7}},
			3.9, dynamics{-26, 2, 6, 0.005, 0.080}},
		{"headphone-class-device", "headphones: wide and even, with a gentle bass",
			[]band{{rumbleShape, 25, 0, 0}, {lowShelfShape, 120, 2.5, 0.7}, {peakShape, 3200, -1, 1}, {highShelfShape, 9000, 1, 0.7}},
			-0.3, dynamics{}},
		{"small-bluetooth-speaker-class-device", "speakers that fit in a pocket: no bass, but a body of what they can do",
			[]band{{rumbleShape, 110, 0, 0}, {peakShape, 220, 3, 0.8}, {peakShape, 3500, 2, 0.8}},
			2.4, dynamics{-26, 2, 6, 0.008, 0.100}},
		{"medium-bluetooth-speaker-class-device", "speakers on a shelf: some bass",
			[]band{{rumbleShape, 65, 0, 0}, {lowShelfShape, 180, 3, 0.7}, {peakShape, 3500, 1.5, 0.8}},
			2.2, dynamics{-24, 1.7, 6, 0.008, 0.120}},
		{"large-home-entertainment-class-device", "television sets and hi-fi: the whole band",
			[]band{{rumbleShape, 30, 0, 0}, {lowShelfShape, 110, 3, 0.7}, {peakShape, 400, -1, 0.8}, {highShelfShape, 8000, 2, 0.7}},
			1.6, dynamics{-22, 1.3, 6, 0.010, 0.150}},
		{"large-automotive-class-device", "cars: heard over the noise of the road, which hides bass and soft sounds",
			[]band{{rumbleShape, 50, 0, 0}, {lowShelfShape, 150, 4, 0.7}, {peakShape, 500, -2, 0.8}, {peakShape, 2500, 3.5, 0.7}, {highShelfShape, 7000, 1, 0.7}},
			4.6, dynamics{-30, 3, 6, 0.005, 0.150}},
		{"telephony-class-application", "telephone lines: 300 to 3,400 Hz",
			[]band{{highPassShape, 300, 0, 0}, {lowPassShape, 3400, 0, 0}},
			5.8, dynamics{-26, 2, 6, 0.005, 0.080}},
	}
}
