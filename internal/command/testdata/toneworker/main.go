// Command toneworker is a worker with the tone engine, for tests. An utterance
// with the word HOLD is not begun before somebody has taken and closed the
// connection that it makes to the Unix socket $LECTERN_WORKER_GATE.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"strings"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

func main() {
	engine := posing{tone.New(tone.Options{Hook: hold})}
	if err := worker.Serve(context.Background(), engine, os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// posing is the tone engine under the name of the one that it stands in for.
type posing struct{ *tone.Engine }

func (p posing) Info() driver.Info {
	info := p.Engine.Info()
	info.Name = "flite"
	return info
}

func hold(ctx context.Context, u speech.Utterance, word int) error {
	if word != 0 || !strings.Contains(u.Text, "HOLD") {
		return nil
	}
	conn, err := net.Dial("unix", os.Getenv("LECTERN_WORKER_GATE"))
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.Read(make([]byte, 1))
	return context.Cause(ctx)
}
