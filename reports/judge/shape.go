package judge

import (
	"hash/maphash"
	"strings"
)

var shapeSeed = maphash.MakeSeed()

// tokenVolume begins the name of the volume that admission plugin ServiceAccount adds; five random characters follow
// (plugin/pkg/admission/serviceaccount/admission.go).
const tokenVolume = "kube-api-access-"

// shape is a digest of a pod's spec without what differs from one pod of a Job to the next: its hostname and the name of its
// token's volume.
func (p *PodVersion) shape() uint64 {
	var h maphash.Hash
	h.SetSeed(shapeSeed)
	before, after := p.specRaw, ""
	if p.Hostname != "" {
		before, after, _ = strings.Cut(p.specRaw, `"hostname":"`+p.Hostname+`"`)
	}
	for _, part := range [...]string{before, after} {
		for {
			at := strings.Index(part, tokenVolume)
			if at < 0 {
				break
			}
			at += len(tokenVolume)
			_, _ = h.WriteString(part[:at])
			part = part[min(at+generatedLength, len(part)):]
		}
		_, _ = h.WriteString(part)
	}
	return h.Sum64()
}
