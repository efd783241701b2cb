// Package speech holds the nouns of the text side: voices, prosody and
// utterances. It imports nothing and does nothing; engines, planners and the
// API meet in its types.
package speech

// Gender is the gender of a voice, with the numbers of the API's
// SsmlVoiceGender (docs/contract.md 2.1).
type Gender int

// The genders of the API. Neutral exists in the API and no voice has it.
const (
	GenderUnspecified Gender = 0
	Male              Gender = 1
	Female            Gender = 2
	Neutral           Gender = 3
)

// String is the name as SSML spells it: male, female, neutral, or unspecified.
func (g Gender) String() string {
	switch g {
	case Male:
		return "male"
	case Female:
		return "female"
	case Neutral:
		return "neutral"
	}
	return "unspecified"
}

// Voice is one voice of one engine.
type Voice struct {
	// Name is the public name, stable from release to release, such as
	// "en-US-Flite-Slt". It begins with the first of Languages.
	Name string `json:"name"`
	// Languages are BCP-47 tags without script, the voice's own first.
	Languages []string `json:"languages"`
	Gender    Gender   `json:"gender"`
	// NaturalSampleRateHertz is the rate at which the engine makes sound.
	NaturalSampleRateHertz int `json:"naturalSampleRateHertz"`
	// EngineName is the engine's own name of the voice, such as "slt".
	EngineName string `json:"engineName"`
	// GainDB brings the voice to -20 LUFS; 0 if it is near that, or if the engine
	// does it.
	GainDB float64 `json:"gainDb,omitempty"`
	// License is an SPDX expression for the voice.
	License string `json:"license,omitempty"`
	// Neural says that the voice is a neural network: it is preferred where
	// several would do.
	Neural bool `json:"neural,omitempty"`
}

// Prosody is how an utterance is spoken. The zero value is the voice's own way.
type Prosody struct {
	// Rate is the speed as a multiple of the voice's own; 0 means 1.
	Rate float64 `json:"rate,omitempty"`
	// PitchSemitones shifts the pitch; 0 is the voice's own.
	PitchSemitones float64 `json:"pitchSemitones,omitempty"`
	// GainDB is a volume change in decibels; 0 is the voice's own.
	GainDB float64 `json:"gainDb,omitempty"`
}

// Speed is Rate with its zero value read as 1.
func (p Prosody) Speed() float64 {
	if p.Rate == 0 {
		return 1
	}
	return p.Rate
}

// Utterance is one sentence for one voice with one prosody: the unit in which
// engines work.
type Utterance struct {
	// Text is UTF-8 without control characters other than space.
	Text string `json:"text"`
	// Voice is the engine's own name of the voice ([Voice.EngineName]).
	Voice   string  `json:"voice"`
	Prosody Prosody `json:"prosody,omitzero"`
	// Pronunciations say how pieces of Text are spoken, in order and without
	// overlap. An engine that does not declare to take them gets none.
	Pronunciations []Pronunciation `json:"pronunciations,omitempty"`
	// Transcribed are the words and their phonemes, for an engine that has them
	// told (driver.Abilities.TranscribedBy).
	Transcribed []Transcribed `json:"transcribed,omitempty"`
	// Patient says that nobody waits for the first sound: it may come in
	// large pieces, which costs less.
	Patient bool `json:"patient,omitempty"`
}

// Pronunciation says how one word or phrase of an utterance is spoken, in place
// of what its letters say.
type Pronunciation struct {
	Token
	// IPA is a broad transcription in the International Phonetic Alphabet, as
	// package phoneme writes it: stress marks before their syllable, words
	// separated by spaces.
	IPA string `json:"ipa"`
}

// Transcribed is a spoken word of an utterance, or a group of words that are one
// to the engine, and its phonemes.
type Transcribed struct {
	// Token is its place. Marks that belong to a word for the engine, such as the
	// dots of "U.S." and "3.14", lie within; those that part clauses do not.
	Token
	// Phonemes are in the engine's own IPA, in normal form D: stress marks where
	// the engine writes them, no tie bars and no marks of language. A space
	// separates the words of a number and the like.
	Phonemes string `json:"phonemes"`
}

// Token is where one spoken word of an utterance lies in its text.
type Token struct {
	// Start and End are byte offsets into [Utterance.Text], End excluded.
	Start int `json:"start"`
	End   int `json:"end"`
}
