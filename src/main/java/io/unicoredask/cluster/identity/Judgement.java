package io.unicoredask.cluster.identity;

import java.util.Optional;

/**
 * What follows from a look at a claim.
 *
 * @param verdict whether the engine may act
 * @param holding what it has there now; nothing if it may not
 * @param write what is to be put into the file; nothing leaves it as it is
 */
record Judgement(Verdict verdict, Optional<Holding> holding, Optional<Claim> write) {}
