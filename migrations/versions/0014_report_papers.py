"""A report comes as several papers: the board's page and the vendor's copy are registered too."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "paper",
            sa.Enum(
                "full",
                "board",
                "vendor",
                name="paper",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data_sha256", sa.Text(), nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.CheckConstraint("paper != 'full'", name=op.f("ck_report_paper_paper_is_beside")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_paper_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_paper")),
        sa.UniqueConstraint("file_sha256", name=op.f("uq_report_paper_file_sha256")),
        sa.UniqueConstraint("report_id", "paper", name=op.f("uq_report_paper_report_id_paper")),
    )
    op.create_index("ix_report_paper_data", "report_paper", ["data_sha256"])
    op.create_index("ix_report_dossier", "report", ["dossier_sha256"])


def downgrade() -> None:
    op.drop_index("ix_report_dossier", table_name="report")
    op.drop_table("report_paper")
