package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

func TestMain(m *testing.M) {
	code := m.Run()
	needs.Tidy()
	os.Exit(code)
}

// TestNodes: three servers on one database are killed, paused and cut off from it
// under traffic. With LECTERN_PROOF=yes it is done 60 times.
func TestNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	n := 6
	if os.Getenv("LECTERN_PROOF") != "" {
		n = 60
	}
	cluster := needs.Postgres(t)
	url := func(address string) string {
		return fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable", address)
	}
	report, err := ordealOfNodes(t.Context(), testLab(t), cluster.Address(), url, 3, n, uint64(time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report)
	for _, c := range report.complaints {
		t.Error(c)
	}
	if report.kills != n {
		t.Errorf("%d disturbances of %d", report.kills, n)
	}
	if report.succeeded == 0 || report.cancelled == 0 {
		t.Errorf("%d succeeded and %d were cancelled", report.succeeded, report.cancelled)
	}
	// The same check finds one answer among all of them that is not true.
	if other, ok := planted(report.history); !ok {
		t.Error("nobody was shown an end")
	} else if complaints, _ := other.unexplained(); len(complaints) != 1 {
		t.Errorf("one answer was altered, and %d histories are not linearizable", len(complaints))
	}
}
