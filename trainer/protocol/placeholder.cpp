namespace stet {
}
