package quota

import (
	"context"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

// Use is what a principal has used for a project on a day.
type Use struct {
	Day                string
	Project, Principal string // an empty project: none was known
	Requests           int64
	Characters         int64
	Operations         int64
	Sound              time.Duration
}

// Report is what was used from the day first to the day last, as 2006-01-02, by day,
// project and principal. An empty project means all.
func Report(ctx context.Context, counter driver.Counter, first, last, project string) ([]Use, error) {
	sums, err := counter.Counted(ctx, first, last)
	if err != nil {
		return nil, err
	}
	var uses []Use
	for _, s := range sums {
		who, ok := accountOf(s.Account)
		if !ok || project != "" && who.project != project {
			continue
		}
		u := Use{Day: s.Day, Project: who.project, Principal: who.principal}
		if n := len(uses); n == 0 || uses[n-1].Day != u.Day || uses[n-1].Project != u.Project || uses[n-1].Principal != u.Principal {
			uses = append(uses, u)
		}
		of := &uses[len(uses)-1]
		switch s.What {
		case string(Requests):
			of.Requests = s.N
		case string(Characters):
			of.Characters = s.N
		case string(Operations):
			of.Operations = s.N
		case milliseconds:
			of.Sound = time.Duration(s.N) * time.Millisecond
		}
	}
	return uses, nil
}
