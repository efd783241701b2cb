package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server/transcode"
)

// healthz says that the process is alive, whatever else is wrong.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, "ok")
}

// errDraining says why a server that is stopping should get no traffic.
var errDraining = errors.New("the server is stopping")

// ready says why the server should get no traffic, or nil.
func (s *Server) ready(ctx context.Context) error {
	select {
	case <-s.draining:
		return errDraining
	default:
		return s.cfg.Ready(ctx)
	}
}

// readyz says whether the server should get traffic. The reason why not is for
// the log: it may name what no client should read.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.ready(r.Context()); err != nil {
		s.cfg.Log.WarnContext(r.Context(), "not ready", "cause", err)
		writeHealth(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	writeHealth(w, http.StatusOK, "ready")
}

func writeHealth(w http.ResponseWriter, code int, word string) {
	w.Header().Set("Content-Type", transcode.ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(`{"status":"` + word + `"}` + "\n"))
}

// healthService is grpc.health.v1.Health for the server as a whole (the empty
// service name) and for each registered service, which stand and fall together.
type healthService struct {
	grpc_health_v1.UnimplementedHealthServer
	server *Server
}

func (h *healthService) Check(ctx context.Context, req *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	if name := req.GetService(); name != "" {
		if _, ok := h.server.grpc.GetServiceInfo()[name]; !ok {
			return nil, status.Error(codes.NotFound, "unknown service")
		}
	}
	return &grpc_health_v1.HealthCheckResponse{Status: h.status(ctx)}, nil
}

func (h *healthService) status(ctx context.Context) grpc_health_v1.HealthCheckResponse_ServingStatus {
	if h.server.ready(ctx) != nil {
		return grpc_health_v1.HealthCheckResponse_NOT_SERVING
	}
	return grpc_health_v1.HealthCheckResponse_SERVING
}

// Watch tells the state, and each change, until the client leaves or the server
// stops, of which it tells too.
func (h *healthService) Watch(req *grpc_health_v1.HealthCheckRequest, stream grpc.ServerStreamingServer[grpc_health_v1.HealthCheckResponse]) error {
	if name := req.GetService(); name != "" {
		if _, ok := h.server.grpc.GetServiceInfo()[name]; !ok {
			// As the protocol has it: the service may come later. Here none does.
			if err := stream.Send(&grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN}); err != nil {
				return err
			}
			select {
			case <-h.server.draining:
			case <-stream.Context().Done():
			}
			return status.FromContextError(stream.Context().Err()).Err()
		}
	}
	look := time.NewTicker(h.server.cfg.ReadyInterval)
	defer look.Stop()
	told := grpc_health_v1.HealthCheckResponse_UNKNOWN
	for {
		if now := h.status(stream.Context()); now != told {
			if err := stream.Send(&grpc_health_v1.HealthCheckResponse{Status: now}); err != nil {
				return err
			}
			told = now
		}
		select {
		case <-look.C:
			continue
		case <-h.server.draining:
			if told != grpc_health_v1.HealthCheckResponse_NOT_SERVING {
				_ = stream.Send(&grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_NOT_SERVING})
			}
			return nil
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		}
	}
}
