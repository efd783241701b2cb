package queue

import (
	"cmp"
	"slices"

	"github.com/lectern/lectern/lro/driver"
)

// rank is the order of lanes among those of larger and of small operations
// together.
func (l Lane) rank() Lane {
	if l == SmallUrgent || l == Small {
		return l - SmallUrgent
	}
	return l
}

// Offer puts tasks of all lanes into the order in which they are offered.
func Offer(all []Waiting) (o driver.Offers) {
	slices.SortStableFunc(all, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.Lane.rank(), b.Lane.rank()), cmp.Compare(a.Due, b.Due))
	})
	for _, w := range all {
		if w.Lane == Discards {
			o.Discards = append(o.Discards, w.Offer)
		} else {
			o.Tasks = append(o.Tasks, w.Offer)
		}
	}
	return o
}
