// The pause container of the lab's pods.
module mke4k.core/tests/lab/tools/pause

go 1.24.0
