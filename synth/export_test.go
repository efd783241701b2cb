package synth

import "time"

// SetFetchTime says how long documents wait for their sounds.
func (s *Synth) SetFetchTime(interactive, patient time.Duration) {
	s.fetchTimes.interactive, s.fetchTimes.patient = interactive, patient
}
