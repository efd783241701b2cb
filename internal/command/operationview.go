package command

import (
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/lectern/lectern/ttsapi/client"
)

// operationJSON is an operation as programs read it.
type operationJSON struct {
	Name            string       `json:"name"`
	Done            bool         `json:"done"`
	State           client.State `json:"state"`
	ProgressPercent float64      `json:"progressPercent"`
	StartTime       time.Time    `json:"startTime,omitzero"`
	UpdateTime      time.Time    `json:"updateTime,omitzero"`
	Error           *errorJSON   `json:"error,omitempty"`
	Output          string       `json:"output,omitempty"`
	File            string       `json:"file,omitempty"`
}

type errorJSON struct {
	Code    int    `json:"code"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

func viewJSON(o client.Operation) operationJSON {
	v := operationJSON{
		Name: o.Name, Done: o.Done, State: o.State, ProgressPercent: o.Progress,
		StartTime: o.Start, UpdateTime: o.Update,
	}
	if o.ErrorCode != 0 {
		v.Error = &errorJSON{int(o.ErrorCode), o.ErrorCode.String(), o.ErrorMessage}
	}
	return v
}

// withOutput adds what the operation writes: its object, and the file that this is, if
// it is on this machine's disk.
func (v operationJSON) withOutput(o client.Output) operationJSON {
	v.Output, v.File = o.URI, fileOf(o)
	return v
}

// fileOf is the file of an output, if it is there: the server may be in a container,
// or on another machine behind a tunnel.
func fileOf(o client.Output) string {
	if o.Path == "" {
		return ""
	}
	if st, err := os.Stat(o.Path); err != nil || !st.Mode().IsRegular() {
		return ""
	}
	return o.Path
}

// detailRows are an operation's properties, one a row.
func detailRows(o client.Operation, output client.Output) [][]string {
	rows := [][]string{
		{"name", o.Name},
		{"state", string(o.State)},
		{"progress", percent(o.Progress)},
		{"started", clock(o.Start)},
		{"updated", clock(o.Update)},
	}
	if output.URI != "" {
		rows = append(rows, []string{"output", output.URI})
	}
	if file := fileOf(output); file != "" && o.State == client.Succeeded {
		rows = append(rows, []string{"file", file})
	}
	if o.ErrorCode != 0 {
		rows = append(rows, []string{"error", fmt.Sprintf("%s: %s", o.ErrorCode, o.ErrorMessage)})
	}
	return rows
}

// operationName is the name that arg means: the whole name, operations/ID, or
// the ID alone.
func operationName(arg string) string {
	if strings.Contains(arg, "/") {
		return arg
	}
	return "operations/" + arg
}

// idOf is the ID at the end of a name; it addresses the operation as well.
func idOf(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// percent rounds down: 100% is only what is whole.
func percent(p float64) string { return fmt.Sprintf("%d%%", int(math.Floor(p))) }

func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// unsuccessful is the end of a command whose operation did not succeed; nil if
// it did.
func unsuccessful(o client.Operation) error {
	switch o.State {
	case client.Failed:
		return outcome{exitFailed, fmt.Sprintf("operation %s failed: %s", idOf(o.Name), o.ErrorMessage)}
	case client.Cancelled:
		return outcome{exitFailed, fmt.Sprintf("operation %s was cancelled", idOf(o.Name))}
	}
	return nil
}

// parentOf is the parent of long operations.
func parentOf(project, location string) (string, error) {
	for _, part := range []struct{ flag, name string }{{"--project", project}, {"--location", location}} {
		if part.name == "" || strings.Contains(part.name, "/") {
			return "", usagef("%s %q must be a name without slashes", part.flag, part.name)
		}
	}
	return fmt.Sprintf("projects/%s/locations/%s", project, location), nil
}
