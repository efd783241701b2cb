package ssml

// checkTimes checks what the begin and end of each outermost par and seq say
// together, now that all media are known.
func (r *reader) checkTimes() error {
	for _, e := range r.containers {
		l := layout{reader: r, places: map[string]int{}}
		l.add(e, -1, -1)
		if err := l.check(); err != nil {
			return err
		}
	}
	return nil
}

// layout is a container with all that is laid out in it, but not what is in
// the speak of a media: that has its own time.
type layout struct {
	*reader
	members []member
	// places are the members that have an xml:id.
	places map[string]int
}

// member is a par, seq or media. Two moments belong to it: its begin has twice
// its index for a number, its end that plus one.
type member struct {
	element *Element
	// parent is where it stands, before what stands before it in a seq: both
	// are -1 if there is none.
	parent, before int
	children       []int
	begin, end     *Time
}

func (l *layout) add(e *Element, parent, before int) int {
	at := len(l.members)
	m := member{element: e, parent: parent, before: before}
	if parent >= 0 { // the times of the outermost mean nothing
		m.begin, m.end = e.time("begin"), e.time("end")
	}
	l.members = append(l.members, m)
	if e.Name == "media" {
		if id, ok := e.Attribute("xml:id"); ok {
			l.places[id] = at
		}
		return at
	}
	last := -1
	for _, child := range e.Children {
		if e.Name == "par" {
			last = -1
		}
		last = l.add(child.(*Element), at, last)
		l.members[at].children = append(l.members[at].children, last)
	}
	return at
}

// time is the value of begin or end; nil if it has none.
func (e *Element) time(name string) *Time {
	value, ok := e.Attribute(name)
	if !ok {
		return nil
	}
	t, _ := parseTime(value)
	return t
}

func (l *layout) check() error {
	for _, m := range l.members {
		for _, name := range []string{"begin", "end"} {
			t := m.element.time(name)
			if t == nil || t.ID == "" {
				continue
			}
			if _, ok := l.places[t.ID]; !ok {
				return l.fault(m.element.attribute(name).Offset,
					"The attribute %q of <%s> counts from %q, which is the xml:id of no <media> in the same <%s>.",
					name, m.element.Name, shown(t.ID), l.members[0].element.Name)
			}
		}
	}
	state := make([]visit, 2*len(l.members))
	for moment := range state {
		if err := l.follow(moment, state); err != nil {
			return err
		}
	}
	return nil
}

type visit byte

const (
	unseen visit = iota
	underway
	settled
)

// follow goes from a moment to all that it depends on.
func (l *layout) follow(moment int, state []visit) error {
	switch state[moment] {
	case settled:
		return nil
	case underway:
		e := l.members[moment/2].element
		return l.fault(e.Offset, "The %s of this <%s> depends on itself.", []string{"begin", "end"}[moment%2], e.Name)
	}
	state[moment] = underway
	for _, next := range l.needs(moment) {
		if err := l.follow(next, state); err != nil {
			return err
		}
	}
	state[moment] = settled
	return nil
}

// needs are the moments on which one depends.
func (l *layout) needs(moment int) []int {
	m := l.members[moment/2]
	start := func(t *Time) []int {
		switch {
		case t != nil && t.ID != "" && t.AtEnd:
			return []int{2*l.places[t.ID] + 1}
		case t != nil && t.ID != "":
			return []int{2 * l.places[t.ID]}
		case m.before >= 0:
			return []int{2*m.before + 1}
		case m.parent >= 0:
			return []int{2 * m.parent}
		}
		return nil
	}
	if moment%2 == 0 {
		return start(m.begin)
	}
	all := []int{moment - 1}
	if m.end != nil {
		all = append(all, start(m.end)...)
	}
	for _, child := range m.children {
		all = append(all, 2*child+1)
	}
	return all
}
