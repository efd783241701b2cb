package vocoder

// tile is how many frames are made at once. It holds what the mirror at the start
// shows, and is small, for the first sound to come soon.
const tile = 4

// slot is where in source a hop begins.
func (v *Vocoder) slot(hop int) int { return hop - (v.frame - 2) }

// pulse makes the next hop of the source.
func (v *Vocoder) pulse() {
	at := v.slot(v.made)
	v.sounding[at] = v.pulses.next(v.made, (*[Hop]float32)(v.source[at*Hop:]))
	v.made++
}

// mirror fills the source's hop outside the utterance with what is inside, as
// if a mirror stood on the first and on the last sample.
func (v *Vocoder) mirror(hop int) {
	at, base := v.slot(hop), (v.frame-2)*Hop
	last := v.all()*Hop - 1
	v.sounding[at] = false
	for i := range Hop {
		from := hop*Hop + i
		for from < 0 || from > last {
			if from < 0 {
				from = -from
			} else {
				from = 2*last - from
			}
		}
		x := v.source[from-base]
		v.source[at*Hop+i] = x
		v.sounding[at] = v.sounding[at] || x != 0
	}
}

// advance makes the next frames and what of the sound is complete with them.
func (v *Vocoder) advance() error {
	rows, n, err := v.spectrum.rows(v.frame, min(v.frame+tile, v.frames))
	if err != nil {
		return err
	}
	for v.made < min(v.frame+tile+1, v.all()) {
		v.pulse()
	}
	if v.first {
		for hop := v.frame - 2; hop < 0; hop++ {
			v.mirror(hop)
		}
		v.first = false
	}
	if v.frame+n == v.all() {
		v.mirror(v.all())
	}
	for f := range n {
		v.render(rows, f)
	}
	v.give(n)
	return nil
}

// all is how many frames the utterance has.
func (v *Vocoder) all() int { return len(v.spectrum.PitchHertz) }

// render makes a frame, of those that rows are of.
func (v *Vocoder) render(rows []float32, f int) {
	v.mix.rest(&v.tables, rows, f, noiseKey(v.seed, v.frame+f))
	// What multiplies nothing is not worked out.
	if v.sounding[f] || v.sounding[f+1] || v.sounding[f+2] || v.sounding[f+3] {
		v.mix.gain(&v.tables, rows, f)
		v.framer.voiced((*[size]float32)(v.source[f*Hop:]), &v.mix.parts)
	} else {
		v.framer.unvoiced(&v.mix.parts)
	}
	v.framer.add((*[size]float32)(v.sums[f*Hop:]))
}

// give hands out the hops of sums that no further frame touches, and moves on
// by n frames.
func (v *Vocoder) give(n int) {
	all := v.all()
	end := v.frame + n - 2
	if v.frame+n == all {
		end = all
	}
	v.ready = v.block[:0]
	for ; v.hop < min(end, v.hops); v.hop++ {
		at := (v.hop + 2 - v.frame) * Hop
		v.ready = append(v.ready, v.sums[at:at+Hop]...)
		if v.hop < 1 || v.hop > all-3 {
			v.framer.level((*[Hop]float32)(v.ready[len(v.ready)-Hop:]), v.hop, all)
		}
	}
	copy(v.source[:], v.source[n*Hop:])
	copy(v.sounding[:], v.sounding[n:])
	copy(v.sums[:], v.sums[n*Hop:(n+margin)*Hop])
	clear(v.sums[margin*Hop:])
	v.frame += n
}
