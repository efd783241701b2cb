package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// crowds is how long a short call takes beside those of another caller.
//
// Method: "Hi there." by SynthesizeSpeech, one call after the other with 50 ms
// between, 60 times (20 with -quick) alone, then the same beside 500 short calls at
// once, and then beside 64 of 4,950 bytes, by the espeak voice. The others come
// from another address of this machine and one connection, and are called anew as
// they are answered until the short ones are done. The 95th percentiles are
// compared. A call that is refused, of either side, is a miss.
func crowds(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "crowd")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	repeats := l.count(60, 20)
	if _, err := shortCalls(ctx, s.client, v, 5); err != nil { // the first ones warm up
		return nil, err
	}
	alone, err := shortCalls(ctx, s.client, v, repeats)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, c := range []struct {
		callers int
		text    string
	}{{500, "Number one is here."}, {64, strings.ToValidUTF8(alice[:4950], "")}} {
		others, err := newCrowd(s.address, v, c.callers, c.text)
		if err != nil {
			return nil, err
		}
		beside, err := shortCalls(ctx, s.client, v, repeats)
		answered, refused := others.leave()
		if err != nil {
			return nil, fmt.Errorf("beside %d others: %w: %s", c.callers, err, s.lastWords())
		}
		const bar = 5
		x := beside.at(0.95).Seconds() / alone.at(0.95).Seconds()
		rows = append(rows, row{
			name: fmt.Sprintf("a short call beside %d others of %d bytes", c.callers, len(c.text)), bar: fmt.Sprintf("p95 <= %d x alone, nobody refused", bar),
			measured:  fmt.Sprintf("p95 %s, %s; of the others %d answered, %d refused", millis(beside.at(0.95)), beside, answered, refused),
			reference: fmt.Sprintf("alone: p95 %s, %s", millis(alone.at(0.95)), alone), ratio: fmt.Sprintf("%.2f", x),
			verdict: judge(x <= bar, refused == 0, answered > 0),
		})
	}
	return rows, s.stop()
}

func shortCalls(ctx context.Context, c *client, v *voice, n int) (durations, error) {
	var took durations
	for range n {
		begun := time.Now()
		if _, err := c.say(ctx, v, "Hi there."); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
		pause(ctx, 50*time.Millisecond)
	}
	return took, nil
}

// crowd is many callers of one client.
type crowd struct {
	client *client
	stop   context.CancelFunc
	all    sync.WaitGroup

	mu                sync.Mutex
	answered, refused int
}

// newCrowd starts the callers, from an address of their own, and returns when the
// first has been answered.
func newCrowd(address string, v *voice, callers int, text string) (*crowd, error) {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	c, err := dial(address, grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return from.DialContext(ctx, "tcp", address)
	}))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	crowd := &crowd{client: c, stop: stop}
	first := make(chan error, callers)
	for range callers {
		crowd.all.Go(func() {
			for ctx.Err() == nil {
				_, err := c.speech.SynthesizeSpeech(ctx, &ttspb.SynthesizeSpeechRequest{
					Input: plainText(text), Voice: selection(v), AudioConfig: linear16(),
				})
				crowd.count(err)
				select {
				case first <- err:
				default:
				}
			}
		})
	}
	if err := <-first; err != nil {
		crowd.leave()
		return nil, errors.Join(errors.New("the first of the others"), err)
	}
	return crowd, nil
}

func (c *crowd) count(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.answered++
	case status.Code(err) != codes.Canceled:
		c.refused++
	}
}

func (c *crowd) leave() (answered, refused int) {
	c.stop()
	c.all.Wait()
	c.client.close()
	return c.answered, c.refused
}
