// Package vocoder makes sound of what a network says of it: for every frame of
// 12.5 ms a pitch, and for each of 601 frequencies how loud and in what phase
// the harmonics of the voice are there, how loud the noise, and what remains.
// The network of the hibari voices is one that speaks so.
//
// With the rows of a [Spectrum] at a frequency and a frame as lh, theta, ln, lr
// and phi, the spectrum of the sound there is
//
//	S = exp(min(lh,7)) exp(i pi tanh theta) E + exp(min(ln,7)) Z + exp(min(lr,7)) exp(i phi)
//
// E is the short-time Fourier transform of a pulse train with the pitch f of the
// utterance: all harmonics up to 11 kHz, each of amplitude 1; nothing where f is
// 40 Hz or less, while the phase runs on at 40 Hz. Where the phase is within
// 0.002 of a pulse's middle, all harmonics count as 1. Between the middles of the
// frames f is linear, and level before the first and behind the last. Z is
// noise, both parts normal with variance 1.
//
// Both transforms are of 1200 samples every 300, with the middle of frame k at
// sample 300 k, under a periodic Hann window; the pulse train is reflected at
// its ends. On the way there the window is divided by 300, on the way back the
// sum of the windowed frames by the sum of their squared windows. F frames make
// 300 F samples at 24,000 Hz.
//
// The same Spectrum and seed give the same samples, bit for bit, however they
// are read, and on every processor whose float64 functions of package math agree
// to what a float32 holds of them: products are rounded before they are added,
// the noise of a value is a hash of its place, and the phase of the pulses is a
// whole number. Exponentials come from tables and are true to 4e-6, directions
// to 2e-5; the sound is the formula's to about -100 dB.
package vocoder
