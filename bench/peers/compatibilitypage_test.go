package peers_test

import (
	"fmt"
	"slices"
	"strings"
)

// compatibilityPage is docs/compatibility.md for what was found of each official client.
func compatibilityPage(doors []door, found [][]finding) string {
	var b strings.Builder
	b.WriteString(`# Compatibility

What Google's own clients can do with Lectern, as they are. ` + "`make clients`" + ` tries each cell against running servers
and writes this page; it fails where the page says anything else. [clients.md](clients.md) says how a client is pointed
at a server, and what was tried beyond Google's clients.

`)
	table(&b, []string{"client", "newest", "a year old"}, clientRows())
	fmt.Fprintf(&b, `
## Methods

"yes": it works in %s (Go's client has v1 only), by each door of the next table that
lets the client in. "–": the client has no such method over this transport.

`, "v1 and v1beta1")
	table(&b, append([]string{"client", "transport"}, methods...), rows(found, func(c officialClient, transport string, f []finding) (cells []string) {
		for _, method := range methods {
			if known := slices.IndexFunc(defects, func(d defect) bool {
				return d.language == c.language && d.transport == transport && d.method == method
			}); known >= 0 {
				cells = append(cells, fmt.Sprintf("no (%d)", known+1))
				continue
			}
			cells = append(cells, cell(f, func(one finding) bool {
				return one.method == method && explains(c.language, transport, doorNamed(doors, one.door), method) < 0
			}))
		}
		return cells
	}))
	b.WriteString(`
## Doors

What a caller brings, and whether the connection is plain or has TLS by the authority of ` + "`--tls-self-signed`" + `. "yes": each
method of the table above.

`)
	head := []string{"client", "transport"}
	for _, d := range doors {
		head = append(head, d.Name)
	}
	table(&b, head, rows(found, func(c officialClient, transport string, f []finding) (cells []string) {
		for _, d := range doors {
			if known := explains(c.language, transport, d, ""); known >= 0 {
				cells = append(cells, fmt.Sprintf("no (%d)", known+1))
				continue
			}
			cells = append(cells, cell(f, func(one finding) bool {
				return one.door == d.Name && one.outcome != "absent" && explains(c.language, transport, d, one.method) < 0
			}))
		}
		return cells
	}))
	b.WriteString("\n## What keeps clients from more\n\nWith any server, Google's included:\n\n")
	for i, known := range defects {
		fmt.Fprintf(&b, "%d. %s, %s: %s\n", i+1, known.language, transportNames[known.transport], known.says)
	}
	return b.String()
}

var transportNames = map[string]string{"grpc": "gRPC", "rest": "REST"}

func doorNamed(doors []door, name string) door {
	return doors[slices.IndexFunc(doors, func(d door) bool { return d.Name == name })]
}

// clientRows are the clients by language, both ages in a row.
func clientRows() (rows [][]string) {
	for i := 0; i < len(officialClients); i += 2 {
		newest, old := officialClients[i], officialClients[i+1]
		rows = append(rows, []string{newest.language + ", `" + newest.library + "`", newest.version, old.version})
	}
	return rows
}

// rows are one for each client and transport, with the cells that fill makes of what
// was found there.
func rows(found [][]finding, fill func(officialClient, string, []finding) []string) (rows [][]string) {
	for i, c := range officialClients {
		for _, transport := range transports {
			here := slices.DeleteFunc(slices.Clone(found[i]), func(f finding) bool { return f.transport != transport })
			rows = append(rows, append([]string{c.name(), transportNames[transport]}, fill(c, transport, here)...))
		}
	}
	return rows
}

// cell is what all findings that are chosen have in common.
func cell(found []finding, chosen func(finding) bool) string {
	var said []string
	for _, f := range found {
		if chosen(f) && !slices.Contains(said, f.outcome) {
			said = append(said, f.outcome)
		}
	}
	switch {
	case len(said) == 1 && said[0] == "yes":
		return "yes"
	case len(said) == 1 && said[0] == "absent":
		return "–"
	}
	return "no"
}

func table(b *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
}
