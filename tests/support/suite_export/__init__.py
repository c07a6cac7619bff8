"""What every store of export must do: run on those in memory and on MongoDB, one class a port."""
