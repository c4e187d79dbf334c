"""The tier model in versions; beside the tier that counts stands the one that was computed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tier_model_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 2", name=op.f("ck_tier_model_version_first_is_shipped")),
        sa.CheckConstraint("note != ''", name=op.f("ck_tier_model_version_has_note")),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["person.id"],
            name=op.f("fk_tier_model_version_published_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_model_version")),
        sa.UniqueConstraint("name", name=op.f("uq_tier_model_version_name")),
        sa.UniqueConstraint("number", name=op.f("uq_tier_model_version_number")),
    )
    # Every tier there is was computed by the version that came with the product.
    op.add_column(
        "service", sa.Column("tier_model", sa.Text(), nullable=False, server_default="2026-1")
    )
    op.add_column("service", sa.Column("computed_tier", sa.Integer(), nullable=True))
    op.add_column("vendor", sa.Column("computed_tier", sa.Integer(), nullable=True))
    op.execute("UPDATE service SET computed_tier = tier")
    _look_behind_overrides()
    op.execute(
        "UPDATE vendor SET computed_tier ="
        " (SELECT min(computed_tier) FROM service WHERE service.vendor_id = vendor.id)"
    )


def downgrade() -> None:
    op.drop_column("vendor", "computed_tier")
    op.drop_column("service", "computed_tier")
    op.drop_column("service", "tier_model")
    op.drop_table("tier_model_version")


def _look_behind_overrides() -> None:
    """Where an override is in force, the newest record holds the tier that was computed."""
    record = sa.table(
        "tiering_record",
        sa.column("service_id", sa.Uuid()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("result", sa.JSON()),
    )
    service = sa.table(
        "service", sa.column("id", sa.Uuid()), sa.column("computed_tier", sa.Integer())
    )
    exemption = sa.table(
        "exemption",
        sa.column("kind", sa.Text()),
        sa.column("subject_id", sa.Uuid()),
        sa.column("revoked_at", sa.DateTime(timezone=True)),
    )
    held = sa.select(exemption.c.subject_id).where(
        exemption.c.kind == "override", exemption.c.revoked_at.is_(None)
    )
    chosen = sa.select(record).where(record.c.service_id.in_(held)).order_by(record.c.at)
    connection = op.get_bind()
    for row in connection.execute(chosen).all():
        connection.execute(
            sa.update(service)
            .where(service.c.id == row.service_id)
            .values(computed_tier=row.result["tier"])
        )
