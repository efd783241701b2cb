package synth

import "time"

// SetFetchTime says how long documents wait for their sounds.
func (s *Synth) SetFetchTime(interactive, patient time.Duration) {
	s.fetchTimes.interactive, s.fetchTimes.patient = interactive, patient
}

// KeepPlanners has all that plan long texts busy until release is called.
func (s *Synth) KeepPlanners() (release func()) {
	for range cap(s.planning) {
		s.planning <- struct{}{}
	}
	return func() {
		for range cap(s.planning) {
			<-s.planning
		}
	}
}
