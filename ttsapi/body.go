package ttsapi

// bodyRoom is what a request may have beside its input, in bytes: four thousand custom
// pronunciations, or as many turns of speakers, a prompt.
const bodyRoom = 512 << 10

// BodyBytes is the longest JSON that SynthesizeSpeech has a use for: JSON may write each
// byte of the input as \u00XX.
func (s *Service) BodyBytes() int64 {
	const longestEscape = 6
	return longestEscape*int64(s.limits.TextBytes) + bodyRoom
}
