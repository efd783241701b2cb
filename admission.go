package lectern

import (
	"context"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/fault"
)

// admission is what the state of the disk has to say to calls.
type admission struct {
	reserve   *reserve
	readiness *readiness
}

// makingRoom are the methods by which a person makes room.
var makingRoom = map[string]bool{
	longrunningpb.Operations_CancelOperation_FullMethodName: true,
	longrunningpb.Operations_DeleteOperation_FullMethodName: true,
}

// unary gives the reserve up for calls that make room, on a full disk, and keeps it
// again when there is room. It refuses new operations when what they would be kept in
// is gone: what is written to a file without a name is lost with the process.
func (a admission) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	switch {
	case makingRoom[info.FullMethod]:
		a.reserve.onFullDisk()
		defer a.reserve.keep()
	case strings.HasSuffix(info.FullMethod, "/SynthesizeLongAudio"):
		if err := a.readiness.files(); err != nil {
			return nil, fault.New(fault.Unavailable, "The server's data directory is gone or was replaced, and it takes no new operations before it is started again.").Because(err)
		}
	}
	return handler(ctx, req)
}
