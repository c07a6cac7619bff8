"""The runtime shared by the services; nothing here knows what they are about.

Where to find what:

    settings clock ids naming errors digest newer      values and rules, no I/O
    events                                             Event going out, Record coming in
    mongo halves outbox                                a write and its events in one transaction
    relay (lease ledger chunk kafka)                   outbox → Kafka, in order, once
    producer                                           publishing without an outbox
    consumer (member recipe decoding line gaps progress)  Kafka → handler, the one recipe
    parking rebuts                                     records set aside; listing, re-driving
    topics_admin                                       creating what `contracts.topics` declares
    health telemetry logs tracing process              how a process is run and watched
    problem auth keys http web …                       HTTP
"""
