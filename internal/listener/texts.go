package listener

// Numbers are twenty of eight digits each, from π, in words of the grammar Digits.
func Numbers() []string {
	const pi = "3141592653589793238462643383279502884197169399375105820974944592" +
		"307816406286208998628034825342117067982148086513282306647093844609550582231725359408128481117450"
	var texts []string
	for at := 0; at < 20*8; at += 8 {
		texts = append(texts, NamesOf(pi[at:at+8]))
	}
	return texts
}

// Orders are fifty sentences of the grammar Commands.
func Orders() []string {
	var texts []string
	for i := range 20 {
		texts = append(texts, pick(i, "turn", "switch")+" "+pick(i/2+i/16, "on", "off")+" the "+
			pick(i, "kitchen", "bedroom", "garden", "front")+" "+pick(i/4, "light", "heater", "radio", "fan", "light"))
	}
	for i := range 12 {
		texts = append(texts, pick(i, "open", "close", "lock")+" the "+pick(i/3, "door", "window", "garage", "gate"))
	}
	for i := range 9 {
		texts = append(texts, pick(i, "play", "stop", "pause")+" the "+pick(i/3, "music", "movie", "song"))
	}
	for i := range 9 {
		texts = append(texts, "set the "+pick(i, "timer", "alarm")+" "+pick(i/2, "for", "to")+" "+
			pick(i, "five", "ten", "twenty", "thirty")+" "+pick(i, "minutes", "seconds", "hours"))
	}
	return texts
}

func pick(i int, words ...string) string { return words[i%len(words)] }
