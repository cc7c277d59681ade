package qr

// Packet is one packet to be labelled: its serial (AI 21) and the address its
// symbol carries.
type Packet struct{ Serial, URL string }
