package io.tenure.common.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * {@code _lock} where the file system is not local: who holds the output, and when they last said
 * that they still do.
 *
 * @param owner for people
 * @param token tells holders apart
 * @param renewedAt ISO instant by the owner's clock
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Lease(String owner, String token, String renewedAt) {}
