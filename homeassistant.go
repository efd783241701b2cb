package lectern

import (
	"context"
	"fmt"
	"net"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/wyoming"
)

// homeAssistant is the server of the Wyoming protocol; nil when there is none.
type homeAssistant struct {
	server   *wyoming.Server
	listener net.Listener
}

// openWyoming listens for Home Assistant, if it is asked for.
func openWyoming(c Config, pipeline *synth.Synth, all *callers.Callers, used *quota.Quota) (*homeAssistant, error) {
	if c.Wyoming == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", c.Wyoming)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; another program may use the port: choose another", c.Wyoming, err)
	}
	return &homeAssistant{listener: l, server: wyoming.New(wyoming.Config{
		Synth: pipeline, Version: c.Version, TextBytes: c.Limits.LongTextBytes, Callers: all, Quota: used, TextIdle: c.StreamIdle, Drain: c.Server.ShutdownTimeout, Log: c.Log,
	})}, nil
}

func (h *homeAssistant) serve(ctx context.Context) error {
	if h == nil {
		return nil
	}
	if err := h.server.Serve(ctx, h.listener); err != nil {
		return fmt.Errorf("serving Home Assistant ended: %w", err)
	}
	return nil
}

func (h *homeAssistant) close() error {
	if h == nil {
		return nil
	}
	return h.listener.Close()
}
