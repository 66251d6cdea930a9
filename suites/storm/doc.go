// Package storm holds one spec, which only make chaos runs: many Jobs of every kind at once, while one confirmed fault after
// the other hits them, until the time is up. Then all is healed, every Job must come to what its documents promise, and the
// judge must find no invariant broken.
//
// A storm is a set of lanes that go on side by side. A lane carries out one plan after the other, each about a Job of its
// own, and each a function of the storm's seed, the lane and its number: what is seen to go wrong is replayed from the one
// plan. The faults that hit everybody, those of nodes and of the control plane, are all in the lane weather, so that there is
// one of them at a time. The first plans of each lane make the faults that the storm must have had.
package storm
