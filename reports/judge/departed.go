package judge

import "k8s.io/apimachinery/pkg/types"

// departed are the pods that a Job had and has no longer. The controller may not have seen that yet, and still list one. It
// has if it has created a pod since and then written a status: the next sync does not begin before the cache holds the new
// pod (EnsureReady in pkg/controller/util/consistency/consistency.go), and with it all that happened to pods before.
type departed struct {
	pods    []types.UID
	created uint64 // the resource version at which the Job's latest pod was created
	known   uint64 // the same when the controller last wrote a status
}

// leaves notes that the Job has a pod no longer.
func (b *books) leaves(p *Pod) {
	uid := types.UID(p.UID)
	if a := b.account(uid); a.gone == 0 {
		a.gone = p.Now.RV
		b.pods = append(b.pods, uid)
	}
}

// forget drops the pods of which the controller knows that they are gone, now that it has written a status. Those that it
// lists are kept until it has counted them.
func (b *books) forget() {
	kept := b.pods[:0]
	for _, uid := range b.pods {
		switch a := b.accounts[uid]; {
		case a == nil, a.gone == 0: // it had come back
		case a.gone > b.known || a.column != noColumn:
			kept = append(kept, uid)
		default:
			delete(b.accounts, uid)
		}
	}
	b.pods, b.known = kept, b.created
}
