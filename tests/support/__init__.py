"""What tests share: waiting without sleeping, servers, samples."""
